// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.echo;

import io.makas.cli.demo.host.Child;
import io.makas.cli.demo.host.Cleanup;
import io.makas.cli.demo.host.CommandFailedException;
import io.makas.cli.demo.host.RunDirectory;
import io.makas.cli.demo.host.Shell;
import io.makas.cli.demo.measure.Pair;
import io.makas.cli.demo.measure.Protocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An {@link EchoServer} in one container of a pair and {@link EchoClient}s in the other, each a Java process of its own.
 */
public final class EchoPeers {

    private static final int PORT = 7_777;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern RESULT = Pattern.compile("sent=(\\d+) answered=(\\d+)");

    private final Shell shell;
    private final Pair pair;

    private EchoPeers(Shell shell, Pair pair) {
        this.shell = shell;
        this.pair = pair;
    }

    /** Starts the server; the cleanup ends it. */
    public static EchoPeers start(Shell shell, Cleanup cleanup, RunDirectory directory, Pair pair) {
        Child server = shell.start(pair.server().inside(java(EchoServer.class, Integer.toString(PORT))));
        cleanup.push("echo server of " + pair.path(), server::kill);
        directory.adopt(server.pid());
        server.await("listening", PATIENCE, () -> server.output().contains(EchoServer.READY));
        return new EchoPeers(shell, pair);
    }

    /**
     * What a client saw.
     *
     * @param sent datagrams (UDP) or bytes (TCP) sent
     * @param answered how many of them came back unchanged
     */
    public record Echo(int sent, int answered) {
        /** Whether everything came back. */
        public boolean complete() {
            return answered == sent;
        }

        /** Whether nothing came back. */
        public boolean silent() {
            return answered == 0;
        }

        @Override
        public String toString() {
            return answered + " of " + sent + " came back";
        }
    }

    /** Sends so many datagrams (UDP, at most 256) or bytes (TCP) and counts what comes back. */
    public Echo exchange(Protocol protocol, int count) {
        List<String> client = java(
                EchoClient.class,
                protocol.label(),
                pair.serverAddress(),
                Integer.toString(PORT),
                Integer.toString(count));
        List<String> command = pair.client().inside(client);
        String output = shell.run(command);
        Matcher result = RESULT.matcher(output);
        if (!result.find()) {
            throw new CommandFailedException(command, "no result", output);
        }
        return new Echo(Integer.parseInt(result.group(1)), Integer.parseInt(result.group(2)));
    }

    private static List<String> java(Class<?> main, String... arguments) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString()));
        // They live for a moment: no optimising compiler, no collector's threads.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
