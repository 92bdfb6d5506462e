// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;

/**
 * One receive queue and one transmit queue of a {@link Port}: what a worker polls and sends by.
 *
 * <p>Contract, which {@code PortContractTest} checks for every port:
 *
 * <ul>
 *   <li>{@link #receive} and {@link #transmit} never block, never throw for what a peer does, and allocate nothing.
 *   <li>Frames received are lent from {@link #pool()}; whoever holds them transmits them by a queue of that pool, or
 *       releases them.
 *   <li>{@code transmit} takes every frame of the batch: those that the peer has no room for are released and counted as
 *       dropped, so that one slow peer never holds up a worker.
 *   <li>A peer that misbehaves or goes away makes its own port lose packets or go down, and nothing else.
 * </ul>
 *
 * <p>Life: made by a control thread → {@link #attach} by a worker, then {@code receive}, {@code transmit},
 * {@code maintain}… by that worker only → {@link #detach} by that worker, after which another may attach. Counters are
 * written by the worker and may be read, slightly late, from anywhere.
 */
public abstract class PortQueue {

    private final PortCounters counters = new PortCounters();

    /** Counters of this queue, written by its worker. */
    public final PortCounters counters() {
        return counters;
    }

    /** The pool of the frames that this queue receives and can transmit without a copy. */
    public abstract FramePool pool();

    /**
     * Largest frame that may be transmitted, in bytes, Ethernet header included. Of a frame that the peer is to cut, each segment
     * with its headers.
     */
    public abstract int maxFrameBytes();

    /**
     * Which frames the peer finishes itself: bits of {@link io.makas.dataplane.memory.Offload}, e.g.
     * {@link io.makas.dataplane.memory.Offload#CHECKSUM}. May change when a peer comes or goes; any worker that sends to the port
     * asks before each frame that is not finished. A frame for a peer that has changed meanwhile is dropped like one without room.
     */
    public int offloads() {
        return 0;
    }

    /** Called once by the worker's thread before it polls. */
    public void attach() {}

    /** Called once by the worker's thread after it polled for the last time; gives up everything of the worker. */
    public void detach() {}

    /**
     * Receives up to a burst into an empty batch, and counts it.
     *
     * @return number of frames received, which is also {@code into.count}
     */
    public abstract int receive(FrameBatch into);

    /**
     * Sends every frame of the batch, all from {@link #pool()} and finished as far as the peer needs (see
     * {@link io.makas.dataplane.memory.Offload}), and leaves the batch empty. Frames without room are released and counted in
     * {@link PortCounters#transmitDropped}.
     *
     * @return number of frames that the peer was given
     */
    public abstract int transmit(FrameBatch from);

    /** Does work that must go on without traffic (e.g. reaping completions). Called between bursts. */
    public void maintain() {}

    /**
     * File descriptor that becomes readable when a frame arrives, or −1 when the port must be polled. A worker blocks on
     * these when idle, after {@link #armWakeUp}.
     */
    public int wakeUpFileDescriptor() {
        return -1;
    }

    /** Asks the peer to signal the next frame. Returns false if frames are waiting already. */
    public boolean armWakeUp() {
        return true;
    }
}
