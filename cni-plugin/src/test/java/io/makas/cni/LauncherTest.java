// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher as it was compiled, executed as a runtime does. */
class LauncherTest {

    private static final Path LAUNCHER = Path.of("target/makas-cni").toAbsolutePath();

    @TempDir
    Path folder;

    private final FakePlugin plugin = new FakePlugin();
    private Path socket;

    @BeforeEach
    void requireLauncher() {
        assertTrue(Files.isExecutable(LAUNCHER), LAUNCHER + " is compiled before tests run");
        socket = folder.resolve("cni.sock");
    }

    @Test
    void shouldHandOverEnvironmentAndInputAndPrintTheAnswer() throws Exception {
        try (CniServer server = CniServer.open(socket, plugin)) {
            PluginProcess.Outcome outcome = launch(config(""), Requests.environment("ADD", "EXTRA=größer"));

            assertEquals(0, outcome.exitCode());
            assertEquals("{\"cniVersion\":\"1.0.0\",\"dns\":{}}\n", text(outcome));
            assertEquals("noted ADD\n", outcome.stderr());
            CniRequest request = plugin.requests.getFirst();
            assertEquals("größer", request.environment().get("EXTRA"));
            assertEquals(config(""), new String(request.stdin(), StandardCharsets.UTF_8));
            assertEquals(socket, server.socket());
        }
    }

    @Test
    void shouldPassErrorsAndExitCodeThrough() throws Exception {
        plugin.error = new CniError(CniError.INVALID_CONFIG, "no");
        try (CniServer server = CniServer.open(socket, plugin)) {
            PluginProcess.Outcome outcome = launch(config(""), Requests.environment("CHECK"));

            assertEquals(1, outcome.exitCode(), "served by " + server.socket());
            assertEquals("{\"cniVersion\":\"1.0.0\",\"code\":7,\"msg\":\"no\"}\n", text(outcome));
        }
    }

    @Test
    void shouldPassALargeConfiguration() throws Exception {
        String padding = "x".repeat(CniWire.MAX_STDIN_BYTES - config("").length() - 30);
        try (CniServer server = CniServer.open(socket, plugin)) {
            PluginProcess.Outcome outcome =
                    launch(config(", \"cni.dev/padding\": \"" + padding + "\""), Requests.environment("ADD"));

            assertEquals(0, outcome.exitCode(), "served by " + server.socket());
        }
    }

    @ParameterizedTest
    @CsvSource({"ADD,11", "DEL,11", "CHECK,11", "GC,11", "STATUS,51"})
    void shouldAskToTryLaterWhenTheAgentIsNotThere(String command, int code) throws Exception {
        PluginProcess.Outcome outcome = launch(config(""), Requests.environment(command));

        assertEquals(1, outcome.exitCode());
        JsonObject error = Json.parseObject(outcome.stdout(), "error");
        assertEquals("1.0.0", error.get("cniVersion").getAsString());
        assertEquals(code, error.get("code").getAsInt());
        assertEquals(
                "the Makas agent is not there: connect to " + socket + ": No such file or directory",
                error.get("msg").getAsString());
    }

    @ParameterizedTest
    @CsvSource({"ADD,11", "STATUS,50"})
    void shouldGiveUpOnAnAgentThatHangs(String command, int code) throws Exception {
        try (ServerSocketChannel hung = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            hung.bind(UnixDomainSocketAddress.of(socket));

            PluginProcess.Outcome outcome =
                    launch(config(", \"agentTimeoutSeconds\": 1"), Requests.environment(command));

            assertEquals(1, outcome.exitCode());
            assertEquals(
                    "{\"cniVersion\":\"1.0.0\",\"code\":" + code + ",\"msg\":\"the Makas agent at " + socket
                            + " did not answer within 1 s\"}\n",
                    text(outcome));
        }
    }

    @Test
    void shouldAskToTryLaterWhenTheAgentGoesAwayWithoutAnAnswer() throws Exception {
        try (ServerSocketChannel dying = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dying.bind(UnixDomainSocketAddress.of(socket));
            Thread.startVirtualThread(() -> {
                try {
                    dying.accept().close();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });

            PluginProcess.Outcome outcome = launch(config(""), Requests.environment("ADD"));

            CniError error = outcome.error("makas-cni");
            assertEquals(11, error.code());
            assertTrue(error.getMessage().contains(socket + " closed the connection without an answer"));
        }
    }

    @Test
    void shouldAnswerVersionWithoutAnAgent() throws Exception {
        PluginProcess.Outcome outcome = launch("{\"cniVersion\": \"0.4.0\"}", Map.of("CNI_COMMAND", "VERSION"));
        PluginProcess.Outcome silent = launch("", Map.of("CNI_COMMAND", "VERSION"));

        CniDispatcher dispatcher = new CniDispatcher(plugin);
        CniWire.Answer expected = dispatcher.serve(
                new CniWire.Request(Map.of("CNI_COMMAND", "VERSION"), Requests.bytes("{\"cniVersion\": \"0.4.0\"}")));
        assertEquals(0, outcome.exitCode());
        assertEquals(new String(expected.stdout(), StandardCharsets.UTF_8), text(outcome));
        assertEquals(
                "1.1.0",
                Json.parseObject(silent.stdout(), "it").get("cniVersion").getAsString());
    }

    @Test
    void shouldAskForTheStatusWithAFileWhereAProbeGivesNoInput() throws Exception {
        Path file = Files.writeString(folder.resolve("status.json"), config("").replace("1.0.0", "1.1.0"));
        Path missing = folder.resolve("missing.json");
        int whole;
        try (CniServer server = CniServer.open(socket, plugin)) {
            whole = probe(file);
            plugin.error = new CniError(50, "no room on " + server.socket());
            assertEquals(1, probe(file));
        }

        assertEquals(0, whole);
        assertEquals(CniCommand.STATUS, plugin.requests.getFirst().command());
        assertEquals("pods", plugin.requests.getFirst().config().name());
        assertEquals(1, probe(file));
        assertEquals(1, probe(missing));
    }

    @Test
    void shouldRefuseToRunWithoutACommand() throws Exception {
        PluginProcess.Outcome outcome = launch(config(""), Map.of());

        assertEquals(4, outcome.error("makas-cni").code());
        assertTrue(outcome.error("makas-cni").getMessage().startsWith("CNI_COMMAND is missing"));
    }

    @Test
    void shouldRefuseInputWithoutEnd() throws Exception {
        byte[] spaces = new byte[CniWire.MAX_STDIN_BYTES + 1];
        Arrays.fill(spaces, (byte) ' ');

        PluginProcess.Outcome outcome =
                PluginProcess.run(LAUNCHER, Requests.environment("ADD"), spaces, Duration.ofSeconds(20));

        assertEquals(7, outcome.error("makas-cni").code());
        assertEquals(
                "the network configuration on standard input is larger than 1048576 bytes",
                outcome.error("makas-cni").getMessage());
    }

    @Test
    void shouldRefuseAnEnvironmentThatIsTooLarge() throws Exception {
        Map<String, String> environment = new HashMap<>(Requests.environment("ADD"));
        for (int i = 0; i < 11; i++) {
            environment.put("LARGE" + i, "x".repeat(100_000));
        }
        try (CniServer server = CniServer.open(socket, plugin)) {
            PluginProcess.Outcome outcome = launch(config(""), environment);

            assertEquals(4, outcome.error("makas-cni").code(), "served by " + server.socket());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"agentSocket\": \"cni.sock\"              | agentSocket must be an absolute path",
                "\"agentSocket\": 17                        | agentSocket must be an absolute path",
                "\"agentSocket\": \"\"                      | agentSocket must be an absolute path",
                "\"agentSocket\": \"/a\\\"b\"               | agentSocket must be an absolute path",
                "\"agentSocket\": [\"/a\"]                  | agentSocket must be an absolute path",
                "\"agentTimeoutSeconds\": 0                 | agentTimeoutSeconds must be a whole number from 1 to 600",
                "\"agentTimeoutSeconds\": 601               | agentTimeoutSeconds must be a whole number from 1 to 600",
                "\"agentTimeoutSeconds\": -1                | agentTimeoutSeconds must be a whole number from 1 to 600",
                "\"agentTimeoutSeconds\": 1.5               | agentTimeoutSeconds must be a whole number from 1 to 600",
                "\"agentTimeoutSeconds\": true              | agentTimeoutSeconds must be a whole number from 1 to 600",
            })
    void shouldRefuseKeysOfItsOwnThatAreWrong(String member, String message) throws Exception {
        PluginProcess.Outcome outcome = launch(Requests.configWith(member), Requests.environment("ADD"));

        assertEquals(7, outcome.error("makas-cni").code());
        assertTrue(outcome.error("makas-cni").getMessage().startsWith(message), text(outcome));
    }

    @Test
    void shouldTakeKeysOfTheOutermostObjectOnly() throws Exception {
        String template = """
                { "args" : { "agentSocket" : "/wrong" , "x" : [ { "agentSocket" : "/wrong" } ] ,
                             "y" : "\\"agentSocket\\": 1" } ,
                  "note" : "agentSocket" , "cniVersion" : "0.4.0" , "name" : "pods", "agentSocket"\t: "SOCKET" }""";
        String config = template.replace("SOCKET", socket.toString());

        PluginProcess.Outcome outcome = launch(config, Requests.environment("ADD"));

        assertEquals(11, outcome.error("makas-cni").code());
        assertTrue(outcome.error("makas-cni").getMessage().contains(socket.toString()), text(outcome));
        assertTrue(text(outcome).startsWith("{\"cniVersion\":\"0.4.0\""), text(outcome));
    }

    @Test
    void shouldSurviveInputThatIsNoJson() throws Exception {
        String[] inputs = {"", "{", "\"", "{\"a\\", "{\"agentSocket\"", "{\"agentSocket\":", "]]]}}}{\"a\":", "\0\0"};

        for (String input : inputs) {
            PluginProcess.Outcome outcome = launch(input, Requests.environment("ADD", "CNI_IFNAME"));

            assertEquals(1, outcome.exitCode(), input);
            assertFalse(text(outcome).isEmpty(), input);
        }
    }

    private String config(String members) {
        return "{\"cniVersion\": \"1.0.0\", \"name\": \"pods\", \"agentSocket\": \"" + socket + "\"" + members + "}";
    }

    private static PluginProcess.Outcome launch(String stdin, Map<String, String> environment) throws CniError {
        return PluginProcess.run(LAUNCHER, environment, Requests.bytes(stdin), Duration.ofSeconds(20));
    }

    /** Exit code of the launcher as a kubelet's probe runs it: with an argument, and nothing on standard input. */
    private static int probe(Path file) throws Exception {
        Process process = new ProcessBuilder(LAUNCHER.toString(), "--status", file.toString())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    private static String text(PluginProcess.Outcome outcome) {
        return new String(outcome.stdout(), StandardCharsets.UTF_8);
    }
}
