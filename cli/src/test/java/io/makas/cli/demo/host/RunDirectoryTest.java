// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

    private static final long PID = ProcessHandle.current().pid();

    @TempDir
    private Path temporary;

    @Test
    void shouldBeReadableByItsOwnerOnlyAndBearTheProcessIdInEveryName() throws IOException {
        RunDirectory directory = RunDirectory.create(temporary.resolve("demo"));

        assertEquals(temporary.resolve("demo/" + PID), directory.path());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())));
        assertEquals("mkdemo-" + PID + "-bridge-a", directory.namespace("bridge-a"));
        assertTrue(directory.bridge().contains(Long.toString(PID)));
    }

    @Test
    void shouldHaveABridgeNameThatFitsForTheHighestProcessId() {
        RunDirectory directory = new RunDirectory(temporary.resolve("4194304"));

        assertTrue(directory.bridge().length() <= 15);
    }

    @Test
    void shouldLeaveNothingWhenDeleted() throws IOException {
        Path base = temporary.resolve("demo");
        RunDirectory directory = RunDirectory.create(base);
        Files.createDirectories(directory.path().resolve("leases/net"));
        Files.writeString(directory.path().resolve("leases/net/192.0.2.2"), "x");

        directory.delete();
        directory.delete();

        assertFalse(Files.exists(base));
    }

    @Test
    void shouldKeepTheBaseForAnotherDemonstration() throws IOException {
        RunDirectory directory = RunDirectory.create(temporary);
        Files.createDirectory(temporary.resolve("1"));

        directory.delete();

        assertTrue(Files.exists(temporary));
    }

    @Test
    void shouldTakeALaterProcessWithTheSameIdForAnother() throws IOException {
        RunDirectory directory = RunDirectory.create(temporary);
        assertTrue(directory.ownerAlive());

        Files.writeString(directory.path().resolve("owner"), "2001-01-01T00:00:00Z");

        assertFalse(directory.ownerAlive());
    }

    @Test
    void shouldListDirectoriesOfDemonstrationsOnly() throws IOException {
        Files.createDirectory(temporary.resolve("12"));
        Files.createDirectory(temporary.resolve(".new-13"));
        Files.createDirectory(temporary.resolve("notes"));

        List<Long> ids =
                RunDirectory.all(temporary).stream().map(RunDirectory::id).toList();

        assertEquals(List.of(12L), ids);
    }

    @Test
    void shouldKnowWhichChildrenStillRun() {
        RunDirectory directory = RunDirectory.create(temporary);
        Child child = new Shell(temporary).start(List.of("sleep", "60"));
        directory.adopt(child.pid());
        assertEquals(
                List.of(child.pid()),
                directory.livingChildren().stream().map(ProcessHandle::pid).toList());

        child.kill();

        assertEquals(List.of(), directory.livingChildren());
    }
}
