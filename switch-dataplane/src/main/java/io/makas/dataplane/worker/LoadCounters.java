// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How busy a worker is. Written by the worker without locked instructions, read from anywhere, slightly late. */
public final class LoadCounters {

    private static final VarHandle TURNS = handle("turns");
    private static final VarHandle IDLE_TURNS = handle("idleTurns");
    private static final VarHandle BURSTS = handle("bursts");
    private static final VarHandle PACKETS = handle("packets");

    private long turns;
    private long idleTurns;
    private long bursts;
    private long packets;

    void turn(int work) {
        TURNS.setOpaque(this, turns + 1);
        if (work == 0) {
            IDLE_TURNS.setOpaque(this, idleTurns + 1);
        }
    }

    void burst(int received) {
        BURSTS.setOpaque(this, bursts + 1);
        PACKETS.setOpaque(this, packets + received);
    }

    /** Turns of the worker's loop. */
    public long turns() {
        return (long) TURNS.getOpaque(this);
    }

    /** Turns that found nothing to do. */
    public long idleTurns() {
        return (long) IDLE_TURNS.getOpaque(this);
    }

    /** Bursts received. */
    public long bursts() {
        return (long) BURSTS.getOpaque(this);
    }

    /** Packets received. */
    public long packets() {
        return (long) PACKETS.getOpaque(this);
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(LoadCounters.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
