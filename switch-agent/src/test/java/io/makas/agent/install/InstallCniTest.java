// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstallCniTest {

    @TempDir
    Path folder;

    private Path image;
    private Path node;
    private Path conflist;

    @BeforeEach
    void makeFolders() throws IOException {
        image = Files.createDirectory(folder.resolve("image"));
        node = Files.createDirectory(folder.resolve("node"));
        conflist = Files.writeString(folder.resolve("10-makas.conflist"), "{}");
    }

    @Test
    void shouldReplaceOurLauncherAndKeepWhatTheNodeHas() throws Exception {
        executable(image.resolve("makas-cni"), "new");
        executable(image.resolve("host-local"), "ours");
        executable(image.resolve("static"), "ours");
        executable(node.resolve("makas-cni"), "old");
        executable(node.resolve("host-local"), "theirs");

        InstallCni.run(List.of("plugins", image.toString(), node.toString()), Duration.ZERO);

        assertEquals("new", Files.readString(node.resolve("makas-cni")));
        assertEquals("theirs", Files.readString(node.resolve("host-local")));
        assertEquals("ours", Files.readString(node.resolve("static")));
        assertTrue(Files.isExecutable(node.resolve("static")));
        assertNothingElseIn(node, "host-local", "makas-cni", "static");
    }

    @Test
    void shouldReplaceALauncherThatIsRunning() throws Exception {
        Files.copy(Path.of("/bin/cat"), node.resolve("makas-cni"));
        executable(image.resolve("makas-cni"), "new");
        Process running = new ProcessBuilder(node.resolve("makas-cni").toString()).start();
        try {
            InstallCni.run(List.of("plugins", image.toString(), node.toString()), Duration.ZERO);
        } finally {
            running.destroy();
        }

        assertEquals("new", Files.readString(node.resolve("makas-cni")));
    }

    @Test
    void shouldWriteTheConflistWhenTheSwitchCanServe() throws Exception {
        String done = InstallCni.run(conflistAfter("test", "-e", conflist.toString()), Duration.ZERO);

        Path written = node.resolve("10-makas.conflist");
        assertEquals(written + " written", done);
        assertEquals("{}", Files.readString(written));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(written)));
        assertNothingElseIn(node, "10-makas.conflist");
    }

    @Test
    void shouldWaitForASwitchThatIsLate() throws Exception {
        Path ready = folder.resolve("ready");
        var installing = new FutureTask<>(
                () -> InstallCni.run(conflistAfter("test", "-e", ready.toString()), Duration.ofSeconds(30)));
        Thread.startVirtualThread(installing);
        assertFalse(Files.exists(node.resolve("10-makas.conflist")));

        Files.createFile(ready);

        assertEquals(node.resolve("10-makas.conflist") + " written", installing.get());
    }

    @Test
    void shouldWriteNoConflistForASwitchThatCannotServe() {
        List<String> arguments = conflistAfter("sh", "-c", "echo no room; exit 3");

        var failure = assertThrows(IOException.class, () -> InstallCni.run(arguments, Duration.ZERO));

        assertTrue(failure.getMessage().endsWith("still ends with status 3: no room"), failure.getMessage());
        assertFalse(Files.exists(node.resolve("10-makas.conflist")));
    }

    @Test
    void shouldLeaveAConflistAloneThatIsTheSame() throws Exception {
        Path there = Files.writeString(node.resolve("10-makas.conflist"), "{}");
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rw-r--r--"));
        Object before = Files.getAttribute(there, "unix:ino");

        InstallCni.run(conflistAfter("true"), Duration.ZERO);

        assertEquals(before, Files.getAttribute(there, "unix:ino"));
    }

    @Test
    void shouldSayWhichFolderIsMissing() {
        Path missing = folder.resolve("missing");

        var failure = assertThrows(
                IOException.class,
                () -> InstallCni.run(List.of("plugins", missing.toString(), node.toString()), Duration.ZERO));

        assertTrue(failure.getMessage().contains(missing.toString()), failure.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plugins", "plugins a", "conflist a b", "remove a b", "plugins a b c"})
    void shouldRefuseArgumentsThatItDoesNotUnderstand(String line) {
        List<String> arguments =
                Stream.of(line.split(" ")).filter(each -> !each.isEmpty()).toList();

        var refused = assertThrows(IllegalArgumentException.class, () -> InstallCni.run(arguments, Duration.ZERO));

        assertTrue(refused.getMessage().contains("usage"), refused.getMessage());
    }

    private List<String> conflistAfter(String... command) {
        List<String> arguments = new ArrayList<>(List.of("conflist", conflist.toString(), node.toString()));
        arguments.addAll(List.of(command));
        return arguments;
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void assertNothingElseIn(Path folder, String... names) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of(names),
                    files.map(each -> each.getFileName().toString()).sorted().toList());
        }
    }
}
