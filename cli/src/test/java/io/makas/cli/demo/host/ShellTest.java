// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void open() {
        shell = new Shell(directory);
    }

    @Test
    void shouldReturnWhatACommandPrintedAndLeaveNoFile() {
        String output = shell.run("sh", "-c", "echo \"$0\"", "two words; $HOME");

        assertEquals("two words; $HOME\n", output);
        assertEquals(0, directory.toFile().list().length);
    }

    @Test
    void shouldNameACommandThatFailsAndShowWhatItPrinted() {
        var failure = assertThrows(
                CommandFailedException.class,
                () -> shell.run("sh", "-c", "echo half; echo no such device >&2; exit 3"));

        assertTrue(failure.getMessage().contains("'sh -c echo half"), failure.getMessage());
        assertTrue(failure.getMessage().contains("exit status 3"), failure.getMessage());
        assertTrue(failure.getMessage().contains("no such device"), failure.getMessage());
    }

    @Test
    void shouldNameACommandThatIsNotThere() {
        var failure = assertThrows(CommandFailedException.class, () -> shell.run("no-such-command-anywhere"));

        assertTrue(failure.getMessage().contains("'no-such-command-anywhere': cannot be started"));
    }

    @Test
    void shouldEndACommandThatTakesTooLong() {
        var failure = assertThrows(
                CommandFailedException.class, () -> shell.tryRun(Duration.ofMillis(50), List.of("sleep", "60")));

        assertTrue(failure.getMessage().contains("'sleep 60': no end after"), failure.getMessage());
    }

    @Test
    void shouldFailWhatIsWaitedForWhenStoppedAndRefuseTheNext() throws InterruptedException {
        Thread stopper = Thread.ofPlatform().start(() -> {
            while (directory.toFile().list().length == 0) {
                Thread.onSpinWait();
            }
            shell.stop();
        });

        Shell.Output output = tryToSleep();

        stopper.join();
        assertFalse(output.ok());
        assertThrows(CommandFailedException.class, () -> shell.run("true"));
    }

    @Test
    void shouldSayWhatAChildPrintedWhenItEndsTooEarly() {
        Child child = shell.start(List.of("sh", "-c", "echo address in use; exit 1"));

        var failure = assertThrows(CommandFailedException.class, () -> child.await("listening", LONG, () -> false));

        assertTrue(failure.getMessage().contains("ended with status 1 instead of listening"), failure.getMessage());
        assertTrue(failure.getMessage().contains("address in use"), failure.getMessage());
    }

    @Test
    void shouldEndAChildEvenIfItIsHeld() {
        Child child = shell.start(List.of("sleep", "60"));
        shell.run("sh", "-c", "kill -STOP " + child.pid());

        child.kill();
        child.kill();

        assertFalse(child.alive());
        assertEquals(0, directory.toFile().list().length);
    }

    /** Stopping may come before the command, then it is refused, or after, then it is ended. */
    private Shell.Output tryToSleep() {
        try {
            return shell.tryRun(LONG, List.of("sleep", "60"));
        } catch (CommandFailedException refused) {
            return new Shell.Output(1, "", refused.getMessage());
        }
    }
}
