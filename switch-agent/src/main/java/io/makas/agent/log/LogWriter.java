// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.log;

import io.makas.agent.config.SwitchConfig;
import io.makas.agent.config.SwitchConfig.Log.Format;
import io.makas.agent.config.SwitchConfig.Log.Level;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/** Forms log lines and writes each in one piece. Thread: any; the stream belongs to whoever made it. */
public final class LogWriter {

    private final OutputStream out;
    private final Level least;
    private final Format format;
    private final InstantSource clock;

    /** Makes a writer of the lines that the configuration asks for. */
    public LogWriter(OutputStream out, SwitchConfig.Log config, InstantSource clock) {
        this.out = out;
        this.least = config.level();
        this.format = config.format();
        this.clock = clock;
    }

    /** A writer to standard error, for before the configuration is read. */
    static LogWriter standardError() {
        return new LogWriter(
                new FileOutputStream(FileDescriptor.err),
                SwitchConfig.defaults().log(),
                InstantSource.system());
    }

    /** Writes a line, if the level is of interest. */
    void write(Level level, String component, String event, Object... fields) {
        if (level.compareTo(least) > 0) {
            return;
        }
        var line = new StringBuilder(128);
        String time = Instant.ofEpochMilli(clock.millis()).toString();
        String levelName = level.name().toLowerCase(Locale.ROOT);
        switch (format) {
            case KEY_VALUE -> {
                line.append("time=").append(time).append(" level=").append(levelName);
                line.append(" component=").append(component).append(" event=");
                appendValue(line, event);
                for (int i = 0; i + 1 < fields.length; i += 2) {
                    line.append(' ').append(fields[i]).append('=');
                    appendValue(line, text(fields[i + 1]));
                }
            }
            case JSON -> {
                line.append("{\"time\":\"")
                        .append(time)
                        .append("\",\"level\":\"")
                        .append(levelName);
                line.append("\",\"component\":\"").append(component).append("\",\"event\":");
                appendQuoted(line, event);
                for (int i = 0; i + 1 < fields.length; i += 2) {
                    line.append(",\"").append(fields[i]).append("\":");
                    appendJson(line, fields[i + 1]);
                }
                line.append('}');
            }
        }
        print(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    private synchronized void print(byte[] line) {
        try {
            out.write(line);
            out.flush();
        } catch (IOException e) {
            // Nobody reads the log any more; the switch goes on.
        }
    }

    private static String text(Object value) {
        if (value instanceof Throwable throwable) {
            var trace = new StringWriter();
            throwable.printStackTrace(new PrintWriter(trace));
            return trace.toString().strip();
        }
        return String.valueOf(value);
    }

    private static void appendJson(StringBuilder line, Object value) {
        if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            line.append(value);
        } else {
            appendQuoted(line, text(value));
        }
    }

    private static void appendValue(StringBuilder line, String value) {
        if (!value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c < 127 && c != '"' && c != '=' && c != '\\')) {
            line.append(value);
        } else {
            appendQuoted(line, value);
        }
    }

    /** As JSON quotes (RFC 8259 §7). */
    private static void appendQuoted(StringBuilder line, String value) {
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> line.append('\\').append(c);
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < ' ' || c == 127) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
