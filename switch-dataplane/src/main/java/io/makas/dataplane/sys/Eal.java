// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * DPDK's environment abstraction layer, started once for the life of the process.
 *
 * <p>It is started with all memory private to the process, with no device probed (ports add theirs later), and with a main
 * thread that may run wherever this process may: DPDK would pin the thread that starts it, so that is a thread of its own,
 * which then ends. DPDK's service threads (interrupts, vhost-user messages) are not pinned either.
 *
 * <p>A worker says {@link #registerThread} before it touches packets: DPDK keeps a cache of free buffers for registered
 * threads only, and without one each burst goes through the pool's shared ring.
 *
 * <p>Thread: {@link #start} from any thread; the thread methods from the thread that is meant.
 */
public final class Eal {

    private static final Path HUGEPAGES = Path.of("/sys/kernel/mm/hugepages");
    /** A PCI address where no device is: with a list of allowed devices, no other is probed before a port asks for it. */
    private static final String NO_DEVICE = "0000:00:00.0";

    /** What was started; written once. */
    private static volatile EalOptions started;
    /** Why it could not be started: DPDK does not try twice in a process. Guarded by the class. */
    private static SysException failure;

    /** How often the current thread was registered. */
    private static final ThreadLocal<int[]> REGISTRATIONS = ThreadLocal.withInitial(() -> new int[1]);

    private Eal() {}

    /** Handles of librte_eal, linked after the library was found. */
    private static final class Functions {
        private static final MethodHandle INIT =
                Dpdk.link("eal", "rte_eal_init", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
        private static final MethodHandle THREAD_REGISTER =
                Dpdk.link("eal", "rte_thread_register", FunctionDescriptor.of(JAVA_INT));
        private static final MethodHandle THREAD_UNREGISTER =
                Dpdk.link("eal", "rte_thread_unregister", FunctionDescriptor.ofVoid());
    }

    /**
     * Starts DPDK. A further call with the same options does nothing.
     *
     * @throws SysException when DPDK is not installed, is a release that is not supported, or cannot start
     */
    public static synchronized void start(EalOptions options) {
        if (started != null) {
            if (!started.equals(options)) {
                throw new IllegalStateException("DPDK runs with " + started + "; it cannot be restarted with " + options
                        + " in the same process");
            }
            return;
        }
        if (failure != null) {
            throw failure.with("DPDK starts at most once in a process, so restart it");
        }
        Dpdk.open();
        if (options.hugepages()) {
            requireHugepages();
        }
        try {
            initialiseOnThreadOfItsOwn(arguments(options));
        } catch (SysException e) {
            failure = e;
            throw e;
        }
        started = options;
    }

    /** Whether {@link #start} has succeeded. */
    public static boolean isStarted() {
        return started != null;
    }

    /**
     * Makes the calling thread known to DPDK; to be undone by {@link #unregisterThread} as often.
     *
     * @throws SysException when more than about 127 threads are registered
     */
    public static void registerThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread cannot be registered with DPDK");
        }
        if (REGISTRATIONS.get()[0]++ > 0) {
            return;
        }
        int answer;
        try {
            answer = (int) Functions.THREAD_REGISTER.invokeExact();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (answer < 0) {
            REGISTRATIONS.get()[0]--;
            throw new SysException(
                    "rte_thread_register of thread '" + Thread.currentThread().getName() + "'",
                    Dpdk.errno(),
                    "run fewer workers");
        }
    }

    /** Undoes one {@link #registerThread} of the calling thread. */
    public static void unregisterThread() {
        if (--REGISTRATIONS.get()[0] > 0) {
            return;
        }
        try {
            Functions.THREAD_UNREGISTER.invokeExact();
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static List<String> arguments(EalOptions options) {
        String cpus = CpuAffinity.allowed().stream().mapToObj(Integer::toString).collect(Collectors.joining(","));
        List<String> arguments = new ArrayList<>(List.of(
                "makas",
                // Nothing is left behind in files, and no other process is expected to join.
                options.hugepages() ? "--in-memory" : "--no-shconf",
                "--no-telemetry",
                "--file-prefix=makas",
                "--lcores=0@(" + cpus + ")",
                // What a guest does wrong is the guest's business: it must not fill the log of the switch.
                "--log-level=lib.vhost.*:critical",
                "--log-level=" + options.logLevel()));
        if (Files.isDirectory(Path.of("/sys/bus/pci/devices"))) {
            arguments.addAll(List.of("-a", NO_DEVICE));
        } else {
            arguments.add("--no-pci");
        }
        // One file for all pages: a switch of which this process is the guest maps at most 8.
        arguments.add(options.hugepages() ? "--single-file-segments" : "--no-huge");
        if (options.memoryMb() > 0) {
            arguments.addAll(List.of("-m", Integer.toString(options.memoryMb())));
        }
        arguments.addAll(options.extraArguments());
        return arguments;
    }

    private static void initialiseOnThreadOfItsOwn(List<String> arguments) {
        FutureTask<Void> task = new FutureTask<>(() -> EalLog.keepingMessages(() -> {
            initialise(arguments);
            return null;
        }));
        Thread.ofPlatform().name("makas-eal").daemon().start(task);
        try {
            task.get();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new SysException("interrupted while DPDK started");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SysException error) {
                throw error;
            }
            throw Native.unexpected(e.getCause());
        }
    }

    private static void initialise(List<String> arguments) {
        // DPDK keeps pointers into its arguments.
        Arena arena = Arena.global();
        MemorySegment argv = arena.allocate(ADDRESS, arguments.size() + 1L);
        for (int i = 0; i < arguments.size(); i++) {
            argv.setAtIndex(ADDRESS, i, Native.string(arena, arguments.get(i)));
        }
        int answer;
        try {
            answer = (int) Functions.INIT.invokeExact(arguments.size(), argv);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (answer < 0) {
            throw new SysException("rte_eal_init(" + String.join(" ", arguments) + ")", Dpdk.errno(), "");
        }
    }

    /** Refuses early, and in words that help, what DPDK would fail at late. */
    private static void requireHugepages() {
        try (Stream<Path> sizes = Files.list(HUGEPAGES)) {
            if (sizes.anyMatch(size -> number(size.resolve("free_hugepages")) > 0)) {
                return;
            }
        } catch (IOException _) {
            throw new SysException("this kernel has no hugepages (" + HUGEPAGES + " is missing), which DPDK needs"
                    + " for devices; start it without hugepages if vhost-user and virtual devices are enough");
        }
        throw new SysException("no hugepage is free for DPDK; reserve some, e.g. 512 of 2 MiB each, with:"
                + " sysctl vm.nr_hugepages=512");
    }

    private static long number(Path file) {
        try {
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException _) {
            return 0;
        }
    }
}
