// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.guest;

import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.vhost.SplitRing;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * What no switch can be quicker than: it takes all that one device sends and pretends that it came to the other, by the rings'
 * indices alone; no frame is read, written or copied. Shows what a generator can offer.
 *
 * <p>Thread: one of its own, on the processor of the switches; the two devices are attached to nothing else.
 */
public final class NullSwitch {

    private static final VarHandle INDEX = ValueLayout.JAVA_SHORT.varHandle();

    private final GuestRing from;
    private final GuestRing to;
    private volatile boolean running = true;

    /** Stands between two devices, the second of which receives frames of a length. */
    public NullSwitch(GuestDevice first, GuestDevice second, int frameBytes) {
        from = first.transmit;
        to = second.receive;
        for (int i = 0; i < to.size; i++) {
            long entry = to.used() + SplitRing.ENTRIES + (long) i * SplitRing.USED_ENTRY_BYTES;
            Memory.ALL.set(ValueLayout.JAVA_INT, entry, i);
            Memory.ALL.set(ValueLayout.JAVA_INT, entry + Integer.BYTES, GuestRing.HEADER_BYTES + frameBytes);
        }
    }

    /** Runs until {@link #stop}. */
    public void run() {
        int taken = 0;
        int given = 0;
        while (running) {
            int sent = (short) INDEX.getAcquire(Memory.ALL, from.available() + SplitRing.INDEX) & 0xffff;
            int room = (short) INDEX.getAcquire(Memory.ALL, to.available() + SplitRing.INDEX) & 0xffff;
            int count = Math.min(sent - taken & 0xffff, room - given & 0xffff);
            if (count == 0) {
                Thread.onSpinWait();
                continue;
            }
            given = given + count & 0xffff;
            taken = taken + count & 0xffff;
            INDEX.setRelease(Memory.ALL, to.used() + SplitRing.INDEX, (short) given);
            INDEX.setRelease(Memory.ALL, from.used() + SplitRing.INDEX, (short) taken);
        }
    }

    /** Ends {@link #run}. */
    public void stop() {
        running = false;
    }
}
