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

    private static final VarHandle RESTS = handle("rests");
    private static final VarHandle RESTED_NS = handle("restedNs");

    private long rests;
    private long restedNs;
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

    void rested(long ns) {
        RESTS.setOpaque(this, rests + 1);
        RESTED_NS.setOpaque(this, restedNs + ns);
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

    /** How often it rested. */
    public long rests() {
        return (long) RESTS.getOpaque(this);
    }

    /** How long it rested, in nanoseconds: slept, blocked, or woke up. */
    public long restedNs() {
        return (long) RESTED_NS.getOpaque(this);
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
