// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * libbpf 1, opened by the first use of a class that needs it. Its functions are linked where they are used:
 * {@link BpfObject}, {@link BpfMap}, {@link BpfLink}.
 *
 * <p>libbpf's own messages are switched off: they go to standard error and come in pieces. What the kernel's verifier says
 * is kept by {@link BpfObject}.
 *
 * <p>Thread: any; an object of libbpf belongs to one thread at a time.
 */
final class LibBpf {

    private static final String SONAME = "libbpf.so.1";
    private static final SymbolLookup LIBRARY = Native.library(SONAME, "libbpf1");

    static {
        MethodHandle setPrint = link("libbpf_set_print", FunctionDescriptor.of(ADDRESS, ADDRESS));
        try {
            MemorySegment before = (MemorySegment) setPrint.invokeExact(MemorySegment.NULL);
            assert before != null;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private LibBpf() {}

    /** Links a function of {@code bpf/libbpf.h} or {@code bpf/bpf.h}. */
    static MethodHandle link(String function, FunctionDescriptor descriptor, Linker.Option... options) {
        return Native.link(LIBRARY, SONAME, function, descriptor, options);
    }
}
