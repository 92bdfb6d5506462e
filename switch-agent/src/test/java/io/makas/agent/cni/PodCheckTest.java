// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.agent.cni.PodLinks.PodView;
import io.makas.agent.cni.PodLinks.View;
import io.makas.cni.Cidr;
import io.makas.cni.CniError;
import io.makas.cni.CniRequest;
import io.makas.cni.CniResult;
import io.makas.cni.CniResult.Interface;
import io.makas.cni.CniResult.Ip;
import io.makas.cni.CniResult.Route;
import io.makas.flow.packet.MacAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodCheckTest {

    private static final MacAddress MAC = MacAddress.of("02:00:00:00:00:05");
    private static final CniResult EXPECTED = new CniResult(
            List.of(
                    Interface.of("mk0", "", 0, ""),
                    Interface.of("eth0", "02:00:00:00:00:05", 1_500, "/run/netns/blue"),
                    Interface.of("net1", "", 0, "/run/netns/blue")),
            List.of(
                    new Ip(Cidr.of("10.1.0.5/24"), Cidr.addressOf("10.1.0.1"), 1),
                    new Ip(Cidr.of("2001:db8::5/64"), null, -1),
                    new Ip(Cidr.of("10.9.0.5/24"), null, 2)),
            List.of(Route.of(Cidr.of("0.0.0.0/0"), null), Route.of(Cidr.of("10.8.0.0/16"), Cidr.addressOf("10.1.0.8"))),
            CniResult.Dns.NONE);
    private static final View HOST = new View(MAC, 1_500, true, 7, 2);
    private static final View LINK = new View(MAC, 1_500, true, 2, 7);
    private static final List<String> ADDRESSES = List.of("10.1.0.5/24", "2001:db8::5/64", "fe80::1/64");
    private static final List<String> ROUTES =
            List.of("0.0.0.0/0 via 10.1.0.1", "10.8.0.0/16 via 10.1.0.8", "10.1.0.0/24");
    private static final Optional<SwitchPorts.State> PORT = Optional.of(new SwitchPorts.State(3, true));

    @Test
    void shouldFindNothingWrongWithWhatAddMade() {
        assertEquals(List.of(), differences(Optional.of(HOST), LINK, ADDRESSES, ROUTES, PORT));
    }

    @Test
    void shouldNameEveryDifference() {
        View changed = new View(MacAddress.of("02:00:00:00:00:06"), 1_400, false, 2, 8);

        assertEquals(
                List.of(
                        "eth0 is switched off",
                        "eth0 has Ethernet address 02:00:00:00:00:06 instead of 02:00:00:00:00:05",
                        "eth0 has MTU 1400 instead of 1500",
                        "eth0 has no address 10.1.0.5/24, but [2001:db8::5/64]",
                        "there is no route 10.8.0.0/16 via 10.1.0.8 in /run/netns/blue, but [0.0.0.0/0 via 10.1.0.1]",
                        "eth0 is not the other end of mk0",
                        "port 3 (mk0) of the switch has no link"),
                differences(
                        Optional.of(HOST),
                        changed,
                        List.of("2001:db8::5/64"),
                        List.of("0.0.0.0/0 via 10.1.0.1"),
                        Optional.of(new SwitchPorts.State(3, false))));
    }

    @Test
    void shouldNameWhatIsGone() throws CniError {
        assertEquals(
                List.of(
                        "there is no interface eth0 in /run/netns/blue",
                        "the host's end mk0 is gone",
                        "the switch has no port mk0"),
                PodCheck.differences(request(), EXPECTED, "mk0", Optional.empty(), Optional.empty(), Optional.empty()));
        assertEquals(
                List.of("the host's end mk0 is switched off"),
                differences(Optional.of(new View(MAC, 1_500, false, 7, 2)), LINK, ADDRESSES, ROUTES, PORT));
    }

    @Test
    void shouldWantTheInterfaceInThePreviousResult() throws CniError {
        assertEquals(
                List.of("prevResult does not list eth0 in /run/netns/blue"),
                PodCheck.differences(
                        request(),
                        CniResult.EMPTY,
                        "mk0",
                        Optional.of(HOST),
                        Optional.of(new PodView(LINK, ADDRESSES, ROUTES)),
                        PORT));
    }

    private static List<String> differences(
            Optional<View> host,
            View link,
            List<String> addresses,
            List<String> routes,
            Optional<SwitchPorts.State> port) {
        try {
            Optional<PodView> pod = Optional.of(new PodView(link, addresses, routes));
            return PodCheck.differences(request(), EXPECTED, "mk0", host, pod, port);
        } catch (CniError e) {
            throw new AssertionError(e);
        }
    }

    private static CniRequest request() throws CniError {
        return CniRequest.parse(
                Map.of(
                        "CNI_COMMAND", "CHECK",
                        "CNI_CONTAINERID", "c0ffee",
                        "CNI_NETNS", "/run/netns/blue",
                        "CNI_IFNAME", "eth0"),
                "{\"cniVersion\":\"1.0.0\",\"name\":\"pods\"}".getBytes(StandardCharsets.UTF_8));
    }
}
