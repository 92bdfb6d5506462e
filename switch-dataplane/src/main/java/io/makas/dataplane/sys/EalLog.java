// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Where DPDK's own messages go. While it starts, and while a device is set up or taken down, they are kept in memory: drivers
 * call much an error that is none, and where something did fail, they hold the reason that the answer of the call does not. At
 * all other times they go to standard error, never to standard output or the system log.
 *
 * <p>Thread: control threads, one at a time.
 */
final class EalLog {

    private static final MethodHandle OPEN_MEMSTREAM =
            Native.libc("open_memstream", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle REWIND = Native.libc("rewind", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle FFLUSH = Native.libc("fflush", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle FDOPEN = Native.libc("fdopen", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
    private static final MethodHandle OPENLOG_STREAM =
            Dpdk.link("eal", "rte_openlog_stream", FunctionDescriptor.of(JAVA_INT, ADDRESS));

    private static final int STDERR = 2;

    // Streams for the process's life: a thread of DPDK may be writing to one at any time.
    private static final MemorySegment TEXT = Arena.global().allocate(ADDRESS);
    private static final MemorySegment LENGTH = Arena.global().allocate(JAVA_LONG);
    private static final MemorySegment MEMORY = openMemory();
    private static final MemorySegment STANDARD_ERROR = openStandardError();

    private EalLog() {}

    /**
     * Does something with DPDK, during which messages are kept and then forgotten; when it throws a {@link SysException}, they
     * become part of its message.
     */
    static synchronized <T> T keepingMessages(Supplier<T> action) {
        divertTo(MEMORY);
        try {
            return action.get();
        } catch (SysException e) {
            String messages = kept();
            throw messages.isEmpty() ? e : e.with("DPDK says: " + messages);
        } finally {
            divertTo(STANDARD_ERROR);
            forget();
        }
    }

    private static void divertTo(MemorySegment stream) {
        try {
            int _ = (int) OPENLOG_STREAM.invokeExact(stream);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static void forget() {
        try {
            REWIND.invokeExact(MEMORY);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static String kept() {
        try {
            int _ = (int) FFLUSH.invokeExact(MEMORY);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        long start = TEXT.get(ADDRESS, 0).address();
        byte[] text = Memory.ALL.asSlice(start, LENGTH.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
        return new String(text, StandardCharsets.UTF_8).strip().replaceAll("\\s*\\n\\s*", "; ");
    }

    private static MemorySegment openMemory() {
        try {
            return (MemorySegment) OPEN_MEMSTREAM.invokeExact(TEXT, LENGTH);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static MemorySegment openStandardError() {
        try (Arena arena = Arena.ofConfined()) {
            return (MemorySegment) FDOPEN.invokeExact(STDERR, Native.string(arena, "w"));
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
