// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Finds native functions and turns them into method handles: the one place that calls the linker.
 *
 * <p>Classes of this package keep their handles in {@code static final} fields, so each library is linked by the first use
 * of a class that needs it, and a library that is missing is reported by the name of the Debian package that holds it.
 *
 * <p>Thread: any.
 */
final class Native {

    private static final Linker LINKER = Linker.nativeLinker();

    private Native() {}

    /** Links a function of the C library. */
    static MethodHandle libc(String function, FunctionDescriptor descriptor, Linker.Option... options) {
        return link(LINKER.defaultLookup(), "the C library", function, descriptor, options);
    }

    /**
     * Opens a shared library for the rest of the process's life.
     *
     * @param soname file name with its version, e.g. {@code libbpf.so.1}
     * @param debianPackage the package that installs it
     * @throws SysException when the library is not installed
     */
    @SuppressWarnings("restricted")
    static SymbolLookup library(String soname, String debianPackage) {
        try {
            return SymbolLookup.libraryLookup(soname, Arena.global());
        } catch (IllegalCallerException e) {
            throw accessDenied(e);
        } catch (IllegalArgumentException e) {
            throw new SysException("shared library " + soname + " cannot be loaded (" + e.getMessage()
                    + "); install it, on Debian and Ubuntu with: apt install " + debianPackage);
        }
    }

    /** Links a function of a library opened with {@link #library}. */
    @SuppressWarnings("restricted")
    static MethodHandle link(
            SymbolLookup library,
            String libraryName,
            String function,
            FunctionDescriptor descriptor,
            Linker.Option... options) {
        MemorySegment symbol = library.find(function)
                .orElseThrow(() -> new SysException("function " + function + " is not in " + libraryName
                        + "; the installed version is too old or too new"));
        try {
            return LINKER.downcallHandle(symbol, descriptor, options);
        } catch (IllegalCallerException e) {
            throw accessDenied(e);
        }
    }

    /** What to throw when the virtual machine refuses native access: an error that says which flag is missing. */
    static SysException accessDenied(IllegalCallerException cause) {
        Module module = Native.class.getModule();
        String flag = "--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
        SysException error = new SysException("the data plane may not call native code; start java with " + flag);
        error.initCause(cause);
        return error;
    }

    /**
     * What to throw for a throwable that a method handle declares and no native function throws. An {@link InternalError} goes on as
     * it is: the virtual machine throws it later than the access to shared memory that failed, for instance in the next call.
     */
    static AssertionError unexpected(Throwable thrown) {
        if (thrown instanceof InternalError late) {
            throw late;
        }
        return new AssertionError("a native call threw", thrown);
    }

    /** Copies a string to native memory, as UTF-8 with an end mark. */
    static MemorySegment string(Arena arena, String text) {
        return arena.allocateFrom(text, StandardCharsets.UTF_8);
    }
}
