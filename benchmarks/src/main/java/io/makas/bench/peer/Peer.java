// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import com.google.gson.JsonObject;
import io.makas.bench.guest.GuestDevice;
import java.io.IOException;

/**
 * A switch under test: started once, measured in rounds, and standing still while another one is measured on the same processor.
 *
 * <p>Thread: the one that measures. Owner: the one who started it; {@link #close} stops the process and removes its files.
 */
public sealed interface Peer extends AutoCloseable permits MakasPeer, OpenvSwitchPeer, TestPmdPeer {

    /** What the report calls it. */
    String name();

    /** Its version, for the report. */
    String version();

    /** Whether it forwards by rules; if not, it sends all from one port to the other as it is. */
    default boolean hasRules() {
        return true;
    }

    /** The guest at port 1. */
    GuestDevice first();

    /** The guest at port 2. */
    GuestDevice second();

    /** Lets it run. */
    void resume();

    /** Lets it stand still, so that it takes nothing of the processors. */
    void pause();

    /** Has it forget the packets that it has seen, while it runs and none come. */
    void forget() throws IOException, InterruptedException;

    /** Milliseconds that it has spent on compiling itself so far; 0 if it does not do that. */
    default long compiledMs() throws IOException {
        return 0;
    }

    /** Begins counting. */
    void beginCounting() throws IOException, InterruptedException;

    /** What it says of the packets since {@link #beginCounting}, for the report; empty if it says nothing. */
    JsonObject counted() throws IOException, InterruptedException;

    /** Processor time that its process has taken so far, in nanoseconds. */
    long processorNs();

    @Override
    void close();
}
