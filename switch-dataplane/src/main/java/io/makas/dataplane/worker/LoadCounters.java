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

    private static final VarHandle BUSY_NS = handle("busyNs");
    private static final VarHandle IDLE_NS = handle("idleNs");
    private static final VarHandle STALLS = handle("stalls");

    private long busyNs;
    private long idleNs;
    private long stalls;
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

    void spent(long moreBusyNs, long moreIdleNs) {
        BUSY_NS.setOpaque(this, busyNs + moreBusyNs);
        IDLE_NS.setOpaque(this, idleNs + moreIdleNs);
    }

    void stall() {
        STALLS.setOpaque(this, stalls + 1);
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

    /** Time spent on packets and commands, in nanoseconds. */
    public long busyNs() {
        return (long) BUSY_NS.getOpaque(this);
    }

    /** Time spent looking for packets, in nanoseconds. */
    public long idleNs() {
        return (long) IDLE_NS.getOpaque(this);
    }

    /** Turns that took longer than a millisecond. */
    public long stalls() {
        return (long) STALLS.getOpaque(this);
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
