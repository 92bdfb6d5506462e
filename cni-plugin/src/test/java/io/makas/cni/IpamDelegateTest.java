// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IpamDelegateTest {

    private static final String RESULT = """
            {"cniVersion":"1.0.0","ips":[{"address":"10.1.0.5/24","gateway":"10.1.0.1"}],"routes":[{"dst":"0.0.0.0/0"}]}""";

    @TempDir
    Path folder;

    private final IpamDelegate delegate = new IpamDelegate();

    @Test
    void shouldPassEnvironmentAndConfigurationOnAndReadTheResult() throws Exception {
        Shell.plugin(folder, "ipam", "echo '" + RESULT + "'; env > $here/env; echo a warning >&2");
        CniRequest request = request("ADD", "1.0.0", "ANYTHING=else");

        CniResult result = delegate.add(request);

        assertEquals(Cidr.of("10.1.0.5/24"), result.ips().getFirst().address());
        List<String> environment = Files.readAllLines(folder.resolve("env"));
        assertTrue(environment.containsAll(List.of(
                "CNI_COMMAND=ADD",
                "CNI_CONTAINERID=c0ffee",
                "CNI_NETNS=/run/netns/blue",
                "CNI_IFNAME=eth0",
                "ANYTHING=else")));
        assertEquals(
                new String(request.stdin(), java.nio.charset.StandardCharsets.UTF_8),
                Shell.inputs(folder).getFirst());
        assertEquals("a warning\n", request.diagnostics().text());
    }

    @Test
    void shouldReleaseAfterAFailedAddAndKeepTheDelegatesErrorCode() throws Exception {
        Shell.plugin(folder, "ipam", """
                [ $CNI_COMMAND = DEL ] || { echo '{"code": 117, "msg": "pool is empty", "details": "10.1.0.0/24"}'; exit 1; }""");

        CniError error = assertThrows(CniError.class, () -> delegate.add(request("ADD", "1.0.0")));

        assertEquals(117, error.code());
        assertEquals("IPAM plugin 'ipam': pool is empty", error.getMessage());
        assertEquals("10.1.0.0/24", error.details());
        assertEquals(List.of("ipam ADD", "ipam DEL"), Shell.calls(folder));
    }

    @Test
    void shouldTellThatThePluginHangsBeforeTheLauncherGivesUp() throws Exception {
        Shell.plugin(folder, "ipam", "exec sleep 60");
        var impatient = new IpamDelegate(Duration.ofMillis(900), Duration.ofMillis(100));

        CniError error = assertThrows(CniError.class, () -> impatient.add(request("ADD", "1.0.0")));

        assertEquals(11, error.code());
        assertTrue(error.getMessage().contains("did not end within"), error.getMessage());
        assertEquals(List.of("ipam ADD", "ipam DEL"), Shell.calls(folder));
        int launcherSeconds = 60;
        assertTrue(IpamDelegate.LIMIT.plus(IpamDelegate.RELEASE_LIMIT).toSeconds() < launcherSeconds);
    }

    @Test
    void shouldReleaseWhenTheResultIsOfNoUse() throws Exception {
        for (String output : List.of("nonsense", "", "{}", "{\"ips\": [{\"address\": \"10.1.0.5\"}]}")) {
            Files.deleteIfExists(folder.resolve("calls"));
            Shell.plugin(folder, "ipam", "[ $CNI_COMMAND = DEL ] || echo '" + output + "'");

            assertThrows(CniError.class, () -> delegate.add(request("ADD", "1.0.0")), output);

            assertEquals(List.of("ipam ADD", "ipam DEL"), Shell.calls(folder), output);
        }
    }

    @Test
    void shouldSpeakAnOlderVersionWithAnOlderPluginAndRememberIt() throws Exception {
        Shell.plugin(folder, "ipam", """
                case "$CNI_COMMAND $stdin" in
                VERSION*) echo '{"supportedVersions": ["0.1.0", "0.4.0", "1.0.0", "2.0.0"]}' ;;
                *'"cniVersion":"1.0.0"'*) echo '%s' ;;
                *) echo '{"code": 1, "msg": "incompatible CNI versions"}'; exit 1 ;;
                esac""".formatted(RESULT));

        delegate.add(request("ADD", "1.1.0"));
        delegate.check(request("CHECK", "1.1.0"));
        delegate.status(request("STATUS", "1.1.0"));
        delegate.del(request("DEL", "1.1.0"));

        assertEquals(
                List.of("ipam ADD", "ipam VERSION", "ipam ADD", "ipam CHECK", "ipam DEL"),
                Shell.calls(folder),
                "STATUS came with 1.1.0");
    }

    /** Debian's host-local 1.1.1 answers STATUS with "missing containerID". */
    @Test
    void shouldTakeAPluginToBeReadyThatIsTooOldForTheQuestion() throws Exception {
        Shell.plugin(folder, "ipam", """
                [ $CNI_COMMAND = VERSION ] && echo '{"supportedVersions": ["0.4.0", "1.0.0"]}' && exit
                echo '{"code": 3, "msg": "missing containerID"}'; exit 1""");

        delegate.status(request("STATUS", "1.1.0"));
        delegate.status(request("STATUS", "1.1.0"));

        assertEquals(List.of("ipam VERSION"), Shell.calls(folder));
    }

    @Test
    void shouldAskAPluginForItsStatusThatKnowsTheQuestion() throws Exception {
        Shell.plugin(folder, "ipam", """
                [ $CNI_COMMAND = VERSION ] && echo '{"supportedVersions": ["1.0.0", "1.1.0"]}' && exit
                echo '{"code": 50, "msg": "no pool"}'; exit 1""");

        CniError error = assertThrows(CniError.class, () -> delegate.status(request("STATUS", "1.1.0")));

        assertEquals(50, error.code());
        assertEquals(List.of("ipam VERSION", "ipam STATUS"), Shell.calls(folder));
    }

    @Test
    void shouldReportAVersionThatThePluginCannotSpeak() throws Exception {
        Shell.plugin(folder, "ipam", """
                [ $CNI_COMMAND = VERSION ] && echo '{"supportedVersions": ["2.0.0"]}' && exit
                echo '{"code": 1, "msg": "incompatible CNI versions"}'; exit 1""");

        CniError error = assertThrows(CniError.class, () -> delegate.del(request("DEL", "1.0.0")));

        assertEquals(1, error.code());
    }

    @Test
    void shouldSayWhereItLookedForAMissingPlugin() {
        CniError error = assertThrows(CniError.class, () -> delegate.add(request("ADD", "1.0.0")));

        assertEquals(7, error.code());
        assertEquals(
                "IPAM plugin 'ipam': plugin 'ipam' is in none of the folders of CNI_PATH: [" + folder + "]",
                error.getMessage());
    }

    @Test
    void shouldNameTheMissingPath() {
        CniError error = assertThrows(CniError.class, () -> delegate.add(request("ADD", "1.0.0", "CNI_PATH")));

        assertEquals(4, error.code());
        assertTrue(error.getMessage().contains("CNI_PATH is missing"), error.getMessage());
    }

    @Test
    void shouldReportAPluginThatDiesWithoutAWord() throws Exception {
        Shell.plugin(folder, "ipam", "echo 'segmentation fault' >&2; exit 139");

        CniError error = assertThrows(CniError.class, () -> delegate.check(request("CHECK", "1.0.0")));

        assertEquals("IPAM plugin 'ipam': plugin 'ipam' ended with exit code 139", error.getMessage());
        assertEquals("segmentation fault", error.details());
    }

    @Test
    void shouldNeedNoPluginWhereNoneIsConfigured() throws Exception {
        CniRequest request = Requests.parse("ADD", Requests.CONFIG);

        assertEquals(CniResult.EMPTY, delegate.add(request));
        delegate.del(request);
    }

    @Test
    void shouldKillAPluginThatHangs() throws IOException {
        Path file = Shell.plugin(folder, "ipam", "exec sleep 60");

        CniError error = assertThrows(
                CniError.class,
                () -> PluginProcess.run(file, Map.of("PATH", "/bin"), new byte[0], Duration.ofMillis(200)));

        assertEquals(11, error.code());
    }

    @Test
    void shouldCutAPluginThatPrintsWithoutEnd() throws Exception {
        Path file = Shell.plugin(folder, "ipam", "exec yes");

        PluginProcess.Outcome outcome =
                PluginProcess.run(file, Map.of("PATH", "/bin:/usr/bin"), new byte[0], Duration.ofSeconds(20));

        assertEquals(PluginProcess.MAX_OUTPUT_BYTES, outcome.stdout().length);
        assertTrue(outcome.exitCode() != 0);
    }

    @Test
    void shouldPassALargeConfigurationToAPluginThatIgnoresIt() throws Exception {
        Path file = folder.resolve("deaf");
        Files.writeString(file, "#!/bin/sh\necho '{}'\n");
        assertTrue(file.toFile().setExecutable(true));

        PluginProcess.Outcome outcome =
                PluginProcess.run(file, Map.of(), new byte[CniWire.MAX_STDIN_BYTES], Duration.ofSeconds(20));

        assertEquals(0, outcome.exitCode());
    }

    private CniRequest request(String command, String version, String... changes) throws CniError {
        String config = "{\"cniVersion\":\"" + version + "\",\"name\":\"pods\",\"ipam\":{\"type\":\"ipam\"}}";
        Map<String, String> environment = Requests.environment(command, "PATH=/bin:/usr/bin", "CNI_PATH=" + folder);
        for (String change : changes) {
            int equals = change.indexOf('=');
            if (equals < 0) {
                environment.remove(change);
            } else {
                environment.put(change.substring(0, equals), change.substring(equals + 1));
            }
        }
        return CniRequest.parse(environment, Requests.bytes(config));
    }
}
