// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.testing.RequiresCommand;
import io.makas.dataplane.testing.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
@RequiresCommand(value = "ip", debianPackage = "iproute2")
class LeftoversTest {

    /** No process has such a number, and no other test of this machine the same. */
    private static final long DEAD = 900_000_000_000L + ProcessHandle.current().pid();

    @TempDir
    private Path base;

    @TempDir
    private Path output;

    private Shell shell;
    private RunDirectory dead;
    private final Cleanup cleanup = new Cleanup();

    @BeforeEach
    void leaveThingsBehind() throws IOException {
        shell = new Shell(output);
        Files.createDirectories(base.resolve(DEAD + "/children"));
        Files.writeString(base.resolve(DEAD + "/owner"), "2001-01-01T00:00:00Z");
        dead = new RunDirectory(base.resolve(Long.toString(DEAD)));
        cleanup.push("namespace", () -> Container.delete(shell, dead.namespace("a")));
        cleanup.push("bridge", () -> shell.tryRun(Shell.PATIENCE, List.of("ip", "link", "delete", dead.bridge())));
    }

    @AfterEach
    void removeAll() {
        cleanup.run();
    }

    @Test
    void shouldRemoveEverythingOfADeadDemonstration() {
        Container container = Container.create(shell, dead.namespace("a"));
        shell.run("ip", "link", "add", dead.bridge(), "type", "bridge");
        Child inside = started(container.inside("sleep", "60"));
        Child adopted = started(List.of("sleep", "60"));
        dead.adopt(adopted.pid());

        List<String> found = new Leftovers(shell).remove(base);

        assertEquals(1, found.size());
        assertTrue(found.getFirst().contains(Long.toString(DEAD)), found.getFirst());
        assertFalse(inside.alive());
        assertFalse(adopted.alive());
        assertFalse(Files.exists(container.namespace()));
        assertFalse(Files.exists(Path.of("/sys/class/net", dead.bridge())));
        assertFalse(Files.exists(dead.path()));
    }

    @Test
    void shouldLeaveARunningDemonstrationAlone() {
        RunDirectory living = RunDirectory.create(base);

        new Leftovers(shell).remove(base);

        assertTrue(Files.exists(living.path()));
        assertFalse(Files.exists(dead.path()));
    }

    @Test
    void shouldFindNothingTwice() {
        new Leftovers(shell).remove(base);

        assertEquals(List.of(), new Leftovers(shell).remove(base));
    }

    private Child started(List<String> command) {
        Child child = shell.start(command);
        cleanup.push("child", child::kill);
        return child;
    }
}
