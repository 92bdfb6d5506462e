// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

final class RouteTest {

    @Test
    void shouldRefuseAPrefixLongerThanTheAddress() throws Exception {
        InetAddress four = InetAddress.getByName("10.0.0.0");

        assertThrows(IllegalArgumentException.class, () -> Route.onLink(four, 33, 1));
    }

    @Test
    void shouldRefuseAGatewayOfTheOtherFamily() throws Exception {
        InetAddress four = InetAddress.getByName("10.0.0.0");
        InetAddress six = InetAddress.getByName("fd00::1");

        assertThrows(IllegalArgumentException.class, () -> Route.via(four, 8, six, 1));
    }

    @Test
    void shouldMakeADefaultRouteOfTheGatewaysFamily() throws Exception {
        Route route = Route.defaultVia(InetAddress.getByName("fd00::1"), 3);

        assertEquals(16, route.destination().getAddress().length);
        assertEquals(0, route.prefixBits());
    }
}
