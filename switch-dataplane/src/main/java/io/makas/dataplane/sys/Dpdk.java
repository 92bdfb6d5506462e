// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The shared libraries of DPDK: finds the release that is installed, opens its libraries and links their functions.
 *
 * <p>{@link #open} comes first and reports a missing library as what it is; the classes that hold handles
 * ({@link EthDev}, {@link Vhost}, …) are initialised after it, by their first use.
 *
 * <p>Thread: any.
 */
final class Dpdk {

    private static final String PACKAGE = "dpdk-dev";
    /** Library numbers to look for when no supported one is there, to name what is installed. */
    private static final int OLDEST_LIBRARY = 20;

    private static final int NEWEST_LIBRARY = 40;

    private static final Map<String, SymbolLookup> LIBRARIES = new ConcurrentHashMap<>();

    /** The release found; written once by {@link #open}. */
    private static volatile DpdkRelease release;

    private Dpdk() {}

    /**
     * Finds DPDK. Further calls do nothing.
     *
     * @throws SysException when it is not installed, or is a release that is not supported
     */
    static synchronized void open() {
        if (release != null) {
            return;
        }
        SysException none = null;
        for (DpdkRelease candidate : DpdkRelease.newestFirst()) {
            try {
                SymbolLookup eal = Native.library(soname("eal", candidate.libraryNumber()), PACKAGE);
                check(version(eal), candidate);
                LIBRARIES.put("eal", eal);
                release = candidate;
                return;
            } catch (SysException e) {
                none = e;
            }
        }
        throw notSupported(none);
    }

    /** The release in use. */
    static DpdkRelease release() {
        DpdkRelease found = release;
        if (found == null) {
            throw new IllegalStateException("DPDK was not started; call Eal.start first");
        }
        return found;
    }

    /**
     * Links a function.
     *
     * @param library short name of the library that holds it, e.g. {@code eal} for {@code librte_eal}
     */
    static MethodHandle link(String library, String function, FunctionDescriptor descriptor, Linker.Option... options) {
        return Native.link(library(library), "librte_" + library, function, descriptor, options);
    }

    /** The address of an exported variable. For one of a thread, that of the calling thread. */
    static long variable(String library, String name) {
        return library(library)
                .find(name)
                .orElseThrow(() -> new SysException("variable " + name + " is not in librte_" + library
                        + "; the installed DPDK was built unlike those of Debian and Ubuntu"))
                .address();
    }

    /** {@code rte_errno} of the calling thread. */
    static int errno() {
        return Memory.ALL.get(JAVA_INT, variable("eal", "per_lcore__rte_errno"));
    }

    private static SymbolLookup library(String name) {
        int number = release().libraryNumber();
        return LIBRARIES.computeIfAbsent(name, key -> Native.library(soname(key, number), PACKAGE));
    }

    private static String soname(String name, int number) {
        return "librte_" + name + ".so." + number;
    }

    private static void check(String version, DpdkRelease expected) {
        if (!expected.isNamedBy(version)) {
            throw new SysException(soname("eal", expected.libraryNumber()) + " says it is '" + version
                    + "', which is not supported; supported are " + DpdkRelease.names());
        }
    }

    private static SysException notSupported(SysException missing) {
        for (int number = OLDEST_LIBRARY; number <= NEWEST_LIBRARY; number++) {
            try {
                String version = version(Native.library(soname("eal", number), PACKAGE));
                return new SysException(
                        "the installed " + version + " is not supported; supported are " + DpdkRelease.names());
            } catch (SysException _) {
                // Not this one.
            }
        }
        return missing;
    }

    private static String version(SymbolLookup eal) {
        try {
            MethodHandle call = Native.link(eal, "librte_eal", "rte_version", FunctionDescriptor.of(ADDRESS));
            return text(((MemorySegment) call.invokeExact()).address());
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The C string at an address, or an empty one at address 0. */
    static String text(long address) {
        return address == 0 ? "" : Memory.ALL.getString(address);
    }
}
