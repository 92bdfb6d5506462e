// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * libbpf 1. {@link #open} comes first and reports a missing library as what it is; the functions are linked where they are
 * used, by the first use: {@link BpfObject}, {@link BpfMap}, {@link BpfLink}.
 *
 * <p>libbpf's own messages are switched off: they go to standard error and come in pieces. What the kernel's verifier says
 * is kept by {@link BpfObject}.
 *
 * <p>Thread: any; an object of libbpf belongs to one thread at a time.
 */
final class LibBpf {

    private static final String SONAME = "libbpf.so.1";
    private static final String PACKAGE = "libbpf1";

    /** The library; written once by {@link #open}. */
    private static volatile SymbolLookup library;

    private LibBpf() {}

    /**
     * Opens the library. Further calls do nothing.
     *
     * @throws SysException when it is not installed
     */
    static synchronized void open() {
        if (library != null) {
            return;
        }
        SymbolLookup opened = Native.library(SONAME, PACKAGE);
        MethodHandle setPrint =
                Native.link(opened, SONAME, "libbpf_set_print", FunctionDescriptor.of(ADDRESS, ADDRESS));
        try {
            MemorySegment before = (MemorySegment) setPrint.invokeExact(MemorySegment.NULL);
            assert before != null;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        library = opened;
    }

    /** Links a function of {@code bpf/libbpf.h} or {@code bpf/bpf.h}. */
    static MethodHandle link(String function, FunctionDescriptor descriptor, Linker.Option... options) {
        open();
        return Native.link(library, SONAME, function, descriptor, options);
    }

    /** The version of the library, e.g. {@code v1.1}. */
    static String version() {
        MethodHandle version = link("libbpf_version_string", FunctionDescriptor.of(ADDRESS));
        try {
            MemorySegment text = (MemorySegment) version.invokeExact();
            return Memory.string(text.address());
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
