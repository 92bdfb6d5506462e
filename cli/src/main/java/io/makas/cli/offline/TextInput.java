// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file or standard input, line by line, in UTF-8. */
final class TextInput implements Closeable {

    /** What stands for standard input. */
    static final String STANDARD_INPUT = "-";

    private static final int BUFFER_BYTES = 1 << 16;

    /** A line that is longer is no packet and no case that anyone wrote. */
    private static final int MAX_LINE_BYTES = 1 << 28;

    private final String name;
    private final InputStream in;
    private final Runnable beforeWaiting;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int end;
    private int line;

    private TextInput(String name, InputStream in, Runnable beforeWaiting) {
        this.name = name;
        this.in = in;
        this.beforeWaiting = beforeWaiting;
    }

    /**
     * Opens an input. The caller closes it.
     *
     * @param path a file, or {@link #STANDARD_INPUT}
     * @param beforeWaiting is run each time before more is read, which may take as long as the other end likes
     */
    static TextInput open(String path, Runnable beforeWaiting) throws InputException {
        if (path.equals(STANDARD_INPUT)) {
            return new TextInput("standard input", System.in, beforeWaiting);
        }
        try {
            Path file = Path.of(path);
            if (Files.isDirectory(file)) {
                throw new InputException("cannot read '" + path + "': it is a folder, where a file was expected");
            }
            return new TextInput(path, Files.newInputStream(file), beforeWaiting);
        } catch (IOException e) {
            throw InputException.ofFile("read", path, e);
        } catch (InvalidPathException e) {
            throw new InputException("cannot read '" + path + "': that is no name of a file");
        }
    }

    /** The number of the line that was read last, from 1. */
    int line() {
        return line;
    }

    /** The next line without its end, or null behind the last one. */
    String nextLine() throws InputException {
        try {
            ByteArrayOutputStream start = null;
            while (true) {
                if (next == end && !fill()) {
                    return start == null ? null : decode(start.toByteArray(), 0, start.size());
                }
                int at = next;
                while (at < end && buffer[at] != '\n') {
                    at++;
                }
                int from = next;
                next = Math.min(at + 1, end);
                if (at < end && start == null) {
                    return decode(buffer, from, at - from);
                }
                start = start == null ? new ByteArrayOutputStream(2 * BUFFER_BYTES) : start;
                start.write(buffer, from, at - from);
                if (at < end) {
                    return decode(start.toByteArray(), 0, start.size());
                }
                if (start.size() > MAX_LINE_BYTES) {
                    line++;
                    throw error(
                            1, "a line of more than " + MAX_LINE_BYTES + " bytes, where a shorter one was expected");
                }
            }
        } catch (IOException e) {
            throw InputException.ofFile("read", name, e);
        }
    }

    /** Something wrong in the line that was read last. */
    InputException error(int column, String message) {
        return new InputException(name, line, column, message);
    }

    @Override
    public void close() {
        try {
            if (in != System.in) {
                in.close();
            }
        } catch (IOException e) {
            // It was only read.
        }
    }

    private boolean fill() throws IOException {
        beforeWaiting.run();
        next = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }

    private String decode(byte[] bytes, int from, int length) throws InputException {
        line++;
        boolean endsInCarriageReturn = length > 0 && bytes[from + length - 1] == '\r';
        String text = new String(bytes, from, endsInCarriageReturn ? length - 1 : length, StandardCharsets.UTF_8);
        int wrong = text.indexOf('\ufffd');
        if (wrong >= 0) {
            throw error(wrong + 1, "bytes that are not UTF-8, where text was expected");
        }
        return line == 1 && text.startsWith("\ufeff") ? text.substring(1) : text;
    }
}
