// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * On which processors the calling thread may run.
 *
 * <p>Thread: the one to be pinned, a platform thread. Threads that it starts later inherit the setting.
 */
public final class CpuAffinity {

    /** Processors that a mask has room for; more than {@code CPU_SETSIZE} since big machines exist. */
    private static final int MASK_BITS = 8192;

    private CpuAffinity() {}

    /**
     * Pins the calling thread.
     *
     * @param cpus numbers of the processors it may run on, at least one
     * @throws SysException when none of them exists or may be used here
     */
    public static void set(BitSet cpus) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread cannot be pinned: it would pin its carrier");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BITS / 8, Long.BYTES);
            long[] words = cpus.toLongArray();
            MemorySegment.copy(words, 0, mask, ValueLayout.JAVA_LONG, 0, words.length);
            int answer = LibcProcess.schedSetaffinity(mask);
            if (answer < 0) {
                throw new SysException(
                        "sched_setaffinity of thread '" + Thread.currentThread().getName() + "' to processors " + cpus,
                        -answer,
                        "this process may use " + allowed());
            }
        }
    }

    /** Pins the calling thread to one processor. See {@link #set}. */
    public static void pinTo(int cpu) {
        BitSet one = new BitSet();
        one.set(cpu);
        set(one);
    }

    /** The processors that the calling thread may run on. */
    public static BitSet allowed() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BITS / 8, Long.BYTES);
            int answer = LibcProcess.schedGetaffinity(mask);
            if (answer < 0) {
                throw new SysException("sched_getaffinity", -answer, "");
            }
            return BitSet.valueOf(mask.toArray(ValueLayout.JAVA_LONG));
        }
    }
}
