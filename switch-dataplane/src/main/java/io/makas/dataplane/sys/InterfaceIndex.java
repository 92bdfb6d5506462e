// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The kernel's number of a network interface.
 *
 * <p>Thread: any; the answer is for the network namespace of the calling thread.
 */
public final class InterfaceIndex {

    private static final MethodHandle IF_NAMETOINDEX =
            Native.libc("if_nametoindex", FunctionDescriptor.of(JAVA_INT, ADDRESS), Errno.CAPTURE);

    private InterfaceIndex() {}

    /** The number of the interface, or 0 when there is none of that name here. */
    public static int of(String name) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return (int) IF_NAMETOINDEX.invokeExact(errno, Native.string(arena, name));
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
