// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.agent.config.SwitchConfig.PortSpec;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.port.PortConfig.VhostRole;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortReaderTest {

    @Test
    void shouldReadEachTypeFromTheCommandLine() {
        assertEquals(new PortSpec(1, new PortConfig.AfXdp("port1", "veth0", 0)), PortReader.parse("1=afxdp:veth0"));
        assertEquals(
                new PortSpec(2, new PortConfig.VhostUser("port2", Path.of("/run/a.sock"), VhostRole.CLIENT)),
                PortReader.parse("2=vhost-user:/run/a.sock"));
        assertEquals(
                new PortSpec(2, new PortConfig.VhostUser("port2", Path.of("/run/a.sock"), VhostRole.SERVER)),
                PortReader.parse("2=vhost-user:/run/a.sock,server"));
        assertEquals(
                new PortSpec(3, new PortConfig.Dpdk("port3", "net_tap0,iface=tap0")),
                PortReader.parse("3=dpdk:net_tap0,iface=tap0"));
        assertEquals(new PortSpec(4, new PortConfig.Memory("port4")), PortReader.parse("4=memory"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            memory            | must be NUMBER=TYPE:WHERE
            x=memory          | must be NUMBER=TYPE:WHERE
            0=memory          | number 0 is not from 1 to 65279
            65280=memory      | number 65280 is not from 1 to 65279
            1=memry           | unknown port type 'memry'; did you mean 'memory'?
            1=afxdp           | interface '' is not a name of 1 to 15 characters
            1=vhost-user:a    | must be an absolute path
            1=dpdk:           | devargs is empty
            """)
    void shouldRefuseWhatIsNoPort(String text, String expected) {
        var refused = assertThrows(ConfigException.class, () -> PortReader.parse(text));

        assertTrue(refused.getMessage().startsWith("port '" + text + "'"), refused.getMessage());
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    }
}
