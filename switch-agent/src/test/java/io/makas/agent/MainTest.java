// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The switch as a process of its own: what an operator or systemd sees. */
class MainTest {

    private static final long LIMIT_S = 30;

    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stopAll() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldPrintReadyAndStopCleanlyOnSigterm() throws Exception {
        Process process = startSwitch();
        assertEquals("ready", stdout(process).readLine());

        process.destroy();

        assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), this::stderr);
        assertTrue(stderr().contains("event=stopped"), this::stderr);
        assertTrue(Files.notExists(folder.resolve("makas.sock")));
        assertTrue(Files.notExists(folder.resolve("makas.sock.lock")));
    }

    @Test
    void shouldNameSocketAndProcessToASecondSwitchAndReplaceWhatAKilledOneLeft() throws Exception {
        Process first = startSwitch();
        assertEquals("ready", stdout(first).readLine());

        Process second = startSwitch();
        assertTrue(second.waitFor(LIMIT_S, TimeUnit.SECONDS));
        assertEquals(1, second.exitValue());
        assertTrue(
                stderr().contains("'" + folder.resolve("makas.sock") + "' already (process " + first.pid() + ")"),
                this::stderr);
        assertTrue(first.isAlive());

        first.destroyForcibly().waitFor();
        assertTrue(Files.exists(folder.resolve("makas.sock")));
        Process third = startSwitch();
        assertEquals("ready", stdout(third).readLine(), this::stderr);
    }

    @Test
    void shouldTellWrongUseFromAWrongConfiguration() throws Exception {
        Path config = Files.writeString(folder.resolve("makas.yaml"), "workers: {cores: many}\n");
        Process running = startSwitch();
        assertEquals("ready", stdout(running).readLine());

        assertEquals(2, run("--no-such-option"));
        assertEquals(2, run("--dpdk=perhaps"));
        assertTrue(stderr().contains("expected off, auto or required, but found 'perhaps'"), this::stderr);
        assertEquals(
                1,
                run(
                        "--config",
                        config.toString(),
                        "--socket",
                        folder.resolve("makas.sock").toString()));
        assertTrue(stderr().contains("makas.yaml:1: 'workers.cores': expected a list"), this::stderr);
        assertEquals(0, run("--print-config"));
        assertTrue(running.isAlive());
        assertTrue(Files.exists(folder.resolve("makas.sock")));
    }

    private Process startSwitch() throws IOException {
        return start("--socket", folder.resolve("makas.sock").toString(), "--port=1=memory");
    }

    private int run(String... arguments) throws Exception {
        Process process = start(arguments);
        process.getInputStream().readAllBytes();
        assertTrue(process.waitFor(LIMIT_S, TimeUnit.SECONDS));
        return process.exitValue();
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("stderr").toFile()))
                .start();
        started.add(process);
        return process;
    }

    private static BufferedReader stdout(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private String stderr() {
        try {
            return Files.readString(folder.resolve("stderr"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
