// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CniRequestTest {

    @Test
    void shouldReadEverythingThatTheRuntimePasses() throws CniError {
        CniRequest request = Requests.parse("ADD", Requests.CONFIG, "CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAME=web-0");

        assertEquals(CniCommand.ADD, request.command());
        assertEquals(new Attachment("c0ffee", "eth0"), request.attachment());
        assertEquals("/run/netns/blue", request.netns());
        assertEquals(Map.of("IgnoreUnknown", "1", "K8S_POD_NAME", "web-0"), request.args());
        assertEquals(List.of(Path.of("/opt/cni/bin"), Path.of("/usr/lib/cni")), request.path());
        assertEquals("pods", request.config().name());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ADD   | CNI_COMMAND                  | CNI_COMMAND is missing",
                "ADD   | CNI_COMMAND=                 | CNI_COMMAND is missing",
                "ADD   | CNI_COMMAND=add              | CNI_COMMAND=add is none of",
                "ADD   | CNI_CONTAINERID              | CNI_CONTAINERID is missing",
                "ADD   | CNI_CONTAINERID=-x           | CNI_CONTAINERID=-x must start",
                "ADD   | CNI_CONTAINERID=a/b          | CNI_CONTAINERID=a/b must start",
                "ADD   | CNI_NETNS                    | CNI_NETNS is missing",
                "ADD   | CNI_NETNS=                   | CNI_NETNS is missing",
                "ADD   | CNI_NETNS=netns/blue         | CNI_NETNS=netns/blue must be an absolute path",
                "ADD   | CNI_IFNAME                   | CNI_IFNAME is missing",
                "ADD   | CNI_IFNAME=sixteen-letters-  | CNI_IFNAME=sixteen-letters- must be an interface name",
                "ADD   | CNI_IFNAME=..                | CNI_IFNAME=.. must be an interface name",
                "ADD   | CNI_IFNAME=eth/0             | CNI_IFNAME=eth/0 must be an interface name",
                "ADD   | CNI_IFNAME=eth:0             | CNI_IFNAME=eth:0 must be an interface name",
                "ADD   | CNI_IFNAME=e 0               | CNI_IFNAME=e 0 must be an interface name",
                "ADD   | CNI_ARGS=novalue             | CNI_ARGS=novalue must be KEY=VALUE",
                "CHECK | CNI_NETNS                    | CNI_NETNS is missing",
                "CHECK | CNI_CONTAINERID              | CNI_CONTAINERID is missing",
                "DEL   | CNI_CONTAINERID              | CNI_CONTAINERID is missing",
                "DEL   | CNI_IFNAME                   | CNI_IFNAME is missing",
            })
    void shouldRefuseEnvironmentWithTheVariablesName(String command, String change, String message) {
        CniError error = assertThrows(CniError.class, () -> Requests.parse(command, Requests.CONFIG, change));

        assertEquals(4, error.code());
        assertTrue(error.getMessage().startsWith(message), error.getMessage());
    }

    @Test
    void shouldRefuseAPathThatIsNone() {
        CniError error =
                assertThrows(CniError.class, () -> Requests.parse("DEL", Requests.CONFIG, "CNI_PATH=/opt/a\0b"));

        assertEquals(CniError.INVALID_ENVIRONMENT, error.code());
        assertTrue(error.getMessage().startsWith("CNI_PATH=/opt/a"), error.getMessage());
    }

    @Test
    void shouldNameAllWrongVariablesAtOnce() {
        CniError error = assertThrows(
                CniError.class,
                () -> Requests.parse("ADD", Requests.CONFIG, "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME=a/b"));

        for (String name : List.of("CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME")) {
            assertTrue(error.getMessage().contains(name), error.getMessage());
        }
    }

    @Test
    void shouldDeleteWithoutNamespaceAndWithStrangeArguments() throws CniError {
        CniRequest request = Requests.parse("DEL", Requests.CONFIG, "CNI_NETNS", "CNI_ARGS=;;x", "CNI_PATH");

        assertEquals("", request.netns());
        assertEquals(Map.of(), request.args());
        assertEquals(List.of(), request.path());
    }

    @Test
    void shouldAskForNoAttachmentInStatus() throws CniError {
        String config = Requests.CONFIG.replace("1.0.0", "1.1.0");

        CniRequest request = Requests.parse("STATUS", config, "CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME");

        assertEquals(CniCommand.STATUS, request.command());
    }

    @Test
    void shouldCountBytesOfInterfaceNames() {
        assertTrue(CniRequest.isInterfaceName("fifteen-letters"));
        assertEquals(false, CniRequest.isInterfaceName("üüüüüüüü"), "8 characters, 16 bytes");
    }
}
