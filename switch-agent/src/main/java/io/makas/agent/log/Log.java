// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.log;

import io.makas.agent.config.SwitchConfig.Log.Level;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Writes log lines: an event in fixed words, then keys and values, e.g.
 * {@code LOG.info("port added", "port", name, "number", 7)}.
 *
 * <p>Writing does not go through java.util.logging, whose shutdown hook would cut off what the switch says while it stops;
 * libraries' records come from there. Thread: any.
 */
public final class Log {

    private static volatile LogWriter writer = LogWriter.standardError();

    private final String component;

    private Log(String component) {
        this.component = component;
    }

    /** The log of a component: one word, e.g. "grpc". */
    public static Log of(String component) {
        return new Log(component);
    }

    /** From now on everything, libraries' records included, goes to this writer. Called once, by main. */
    public static void install(LogWriter newWriter) {
        writer = newWriter;
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(java.util.logging.Level.WARNING);
        root.addHandler(new LibraryHandler());
    }

    /** What stops the switch from doing its work. */
    public void error(String event, Object... fields) {
        writer.write(Level.ERROR, component, event, fields);
    }

    /** What an operator should look at. */
    public void warn(String event, Object... fields) {
        writer.write(Level.WARN, component, event, fields);
    }

    /** What changes. */
    public void info(String event, Object... fields) {
        writer.write(Level.INFO, component, event, fields);
    }

    /** Each call. */
    public void debug(String event, Object... fields) {
        writer.write(Level.DEBUG, component, event, fields);
    }

    /** Hands on what libraries log. */
    private static final class LibraryHandler extends Handler {

        /** Warns, with a stack trace, of all that a client does wrong, which the client is told anyway. */
        private static final String TRANSPORT = "io.grpc.netty.shaded.";

        private final SimpleFormatter messages = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
            Level level = level(record);
            String message = messages.formatMessage(record);
            if (record.getThrown() == null) {
                writer.write(level, "library", message, "logger", record.getLoggerName());
            } else {
                writer.write(level, "library", message, "logger", record.getLoggerName(), "cause", record.getThrown());
            }
        }

        private static Level level(LogRecord record) {
            int severity = record.getLevel().intValue();
            if (severity >= java.util.logging.Level.SEVERE.intValue()) {
                return Level.ERROR;
            }
            boolean isTransport =
                    record.getLoggerName() != null && record.getLoggerName().startsWith(TRANSPORT);
            return severity >= java.util.logging.Level.WARNING.intValue() && !isTransport ? Level.WARN : Level.DEBUG;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
