// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.agent.config.SwitchConfig;
import io.makas.agent.config.SwitchConfig.Log.Format;
import io.makas.agent.config.SwitchConfig.Log.Level;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class LogWriterTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void shouldQuoteValuesThatAreNotOneWord() {
        LogWriter writer = writer(Level.INFO, Format.KEY_VALUE);

        writer.write(Level.INFO, "grpc", "port added", "port", "web", "number", 7, "why", "a \"b\"\n", "none", "");

        assertEquals(
                "time=2026-01-02T03:04:05Z level=info component=grpc event=\"port added\" port=web number=7"
                        + " why=\"a \\\"b\\\"\\n\" none=\"\"\n",
                written());
    }

    @Test
    void shouldWriteAJsonObjectALine() {
        LogWriter writer = writer(Level.INFO, Format.JSON);

        writer.write(Level.WARN, "grpc", "call", "port", "wéb\u0001", "number", 7);

        assertEquals(
                "{\"time\":\"2026-01-02T03:04:05Z\",\"level\":\"warn\",\"component\":\"grpc\",\"event\":\"call\","
                        + "\"port\":\"wéb\\u0001\",\"number\":7}\n",
                written());
    }

    @Test
    void shouldLeaveOutWhatIsLessImportantThanAskedFor() {
        LogWriter writer = writer(Level.WARN, Format.KEY_VALUE);

        writer.write(Level.INFO, "grpc", "call");

        assertEquals("", written());
    }

    private LogWriter writer(Level level, Format format) {
        return new LogWriter(
                out, new SwitchConfig.Log(level, format), InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));
    }

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
