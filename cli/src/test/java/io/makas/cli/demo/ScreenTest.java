// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldPrintWholeLinesWithoutColoursWhereNobodyWatches() {
        Screen screen = screen(false);

        screen.heading("Flows decide");
        screen.now("asking");
        screen.check(true, "ping", "3 of 3");
        screen.check(false, "arp", "no address");

        assertEquals("\nFlows decide\n  ok      ping  3 of 3\n  FAILED  arp  no address\n", text(out));
    }

    @Test
    void shouldReplaceTheTransientLineOnATerminal() {
        Screen screen = screen(true);

        screen.now("round 1 of 3");
        screen.say("round 1 took 30 s");

        String text = text(out);
        assertTrue(text.contains("round 1 of 3"), text);
        assertTrue(text.endsWith("\r\033[K  round 1 took 30 s\n"), text);
    }

    @Test
    void shouldSayErrorsOnStandardErrorAfterClearingTheTransientLine() {
        Screen screen = screen(true);

        screen.now("round 1 of 3");
        screen.error("check 'ping' failed");

        assertTrue(text(out).endsWith("\r\033[K"));
        assertTrue(text(err).contains("check 'ping' failed\n"));
        assertFalse(text(out).contains("failed"));
    }

    private Screen screen(boolean terminal) {
        return new Screen(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
