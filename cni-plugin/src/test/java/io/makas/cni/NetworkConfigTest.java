// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkConfigTest {

    @Test
    void shouldReadAFullConfiguration() throws CniError {
        NetworkConfig config = parse("ADD", """
                {"cniVersion": "1.1.0", "name": "pods", "type": "makas-cni", "mtu": 1400, "args": {"cni": {}},
                 "agentSocket": "/run/makas/cni.sock", "agentTimeoutSeconds": 30, "cni.dev/new": 1,
                 "ipam": {"type": "host-local", "subnet": "10.1.0.0/24"},
                 "dns": {"nameservers": ["10.1.0.1"], "search": ["local"]},
                 "runtimeConfig": {"mac": "02:00:0a:01:00:05"},
                 "prevResult": {"interfaces": [{"name": "lo", "sandbox": "/run/netns/blue"}], "ips": null}}""");

        assertEquals(CniVersion.V1_1_0, config.version());
        assertEquals(1_400, config.mtuBytes());
        assertEquals("host-local", config.ipamType());
        assertEquals(List.of("10.1.0.1"), config.dns().nameservers());
        assertEquals("02:00:0a:01:00:05", config.mac());
        assertEquals(
                "lo", config.previous().orElseThrow().interfaces().getFirst().name());
    }

    @Test
    void shouldUseDefaultsForWhatIsLeftOut() throws CniError {
        NetworkConfig config = parse("ADD", Requests.CONFIG);

        assertEquals(1_500, config.mtuBytes());
        assertEquals("", config.ipamType());
        assertEquals(Optional.empty(), config.previous());
        assertTrue(config.dns().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "6 | ``                                                   | is empty",
                "6 | nonsense                                             | is not JSON",
                "6 | {\"cniVersion\": \"1.0.0\"                           | is not JSON",
                "6 | {\"cniVersion\": \"1.0.0\"} x                        | is not JSON",
                "6 | {'cniVersion': '1.0.0'}                              | is not JSON",
                "6 | [1]                                                  | is not a JSON object but [1]",
                "6 | {\"cniVersion\": 1}                                  | \"cniVersion\": 1 is not a string",
                "1 | {\"name\": \"pods\"}                                 | cniVersion \"\" is not supported",
                "1 | {\"cniVersion\": \"0.2.0\", \"name\": \"pods\"}      | cniVersion \"0.2.0\" is not supported",
                "1 | {\"cniVersion\": \"9.9.9\", \"name\": \"pods\"}      | supported are 0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0",
                "7 | {\"cniVersion\": \"1.0.0\"}                          | \"name\": \"\" is not valid",
                "7 | {\"cniVersion\": \"1.0.0\", \"name\": \"../x\"}      | \"name\": \"../x\" is not valid",
            })
    void shouldRefuseWhatIsNoConfiguration(int code, String config, String message) {
        CniError error = assertThrows(CniError.class, () -> parse("ADD", config));

        assertEquals(code, error.code(), error.getMessage());
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "6 | \"mtu\": \"1500\"                            | \"mtu\": \"1500\" is not a whole number",
                "7 | \"mtu\": 67                                  | \"mtu\": 67 is not a whole number from 68 to 9000",
                "7 | \"mtu\": 1e999999999                         | is not a whole number",
                "7 | \"mtu\": 99999999999999999999                | is not a whole number",
                "6 | \"ipam\": \"host-local\"                     | \"ipam\": \"host-local\" is not an object",
                "7 | \"ipam\": {\"subnet\": \"10.0.0.0/8\"}       | \"ipam.type\": \"\" is not valid",
                "7 | \"ipam\": {\"type\": \"../../bin/sh\"}       | \"ipam.type\": \"../../bin/sh\" is not valid",
                "6 | \"dns\": {\"search\": \"local\"}             | \"search\": \"local\" is not a list",
                "7 | \"runtimeConfig\": {\"mac\": \"1:2\"}        | \"runtimeConfig.mac\": \"1:2\" is not valid",
                "7 | \"runtimeConfig\": {\"mac\": \"01:00:5e:00:00:01\"} | must be an Ethernet address of one station",
                "2 | \"runtimeConfig\": {\"bandwidth\": {}}       | unsupported field \"runtimeConfig.bandwidth\": {}",
                "2 | \"mtuu\": 1400                               | unsupported field \"mtuu\": 1400",
                "2 | \"ipMasq\": true                             | unsupported field \"ipMasq\": true",
                "6 | \"prevResult\": []                           | \"prevResult\": [] is not an object",
                "7 | \"prevResult\": {\"ips\": [{\"address\": \"10.0.0.1\"}]} | '10.0.0.1' is not an address with a prefix",
                "7 | \"prevResult\": {\"ips\": [{\"address\": \"10.0.0.1/8\", \"interface\": 3}]} | points behind the 0",
            })
    void shouldRefuseWrongMembersByKeyAndValue(int code, String member, String message) {
        CniError error = assertThrows(CniError.class, () -> parse("ADD", Requests.configWith(member)));

        assertEquals(code, error.code(), error.getMessage());
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"CHECK,0.3.1,0.4.0", "STATUS,1.0.0,1.1.0", "GC,1.0.0,1.1.0"})
    void shouldRefuseOperationsThatTheVersionDoesNotHave(String command, String version, String since) {
        CniError error = assertThrows(CniError.class, () -> parse(command, Requests.CONFIG.replace("1.0.0", version)));

        assertEquals(1, error.code());
        assertEquals(
                "cniVersion \"" + version + "\" has no " + command + "; it came with " + since, error.getMessage());
    }

    @Test
    void shouldDeleteWhatCouldNotBeAddedForAWrongValue() throws CniError {
        String config = Requests.configWith("""
                "mtu": -1, "mtuu": 2, "prevResult": [], "runtimeConfig": 7, "ipam": {"type": "host-local"}""");

        assertEquals("host-local", parse("DEL", config).ipamType());
        assertEquals("", parse("DEL", Requests.configWith("\"ipam\": 5")).ipamType());
    }

    @Test
    void shouldReadValidAttachmentsAndRefuseToCollectWithoutThem() throws CniError {
        String base = Requests.CONFIG.replace("1.0.0", "1.1.0").replace("}", "");
        String key = ", \"cni.dev/valid-attachments\": ";

        NetworkConfig config = parse("GC", base + key + "[{\"containerID\": \"a\", \"ifname\": \"eth0\"}]}");
        assertEquals(List.of(new Attachment("a", "eth0")), config.validAttachments());
        assertEquals(List.of(), parse("GC", base + key + "null}").validAttachments());
        CniError error = assertThrows(CniError.class, () -> parse("GC", base + "}"));
        assertEquals(7, error.code());
    }

    @Test
    void shouldSurviveDeepNesting() {
        String config = "{\"cniVersion\":\"1.0.0\",\"name\":\"a\",\"args\":" + "[".repeat(100_000);

        CniError error = assertThrows(CniError.class, () -> parse("ADD", config));

        assertEquals(6, error.code());
    }

    private static NetworkConfig parse(String command, String config) throws CniError {
        return NetworkConfig.parse(Requests.bytes(config), CniCommand.valueOf(command));
    }
}
