// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * One receive and one transmit queue of an {@link EthDev} that was started.
 *
 * <p>{@code rte_eth_rx_burst} and {@code rte_eth_tx_burst} are inline functions: they look up two function pointers of the
 * device in the exported table {@code rte_eth_fp_ops}. Here the pointers are read once, after the device was started (before,
 * the table points at dummies), and called directly. They are ordinary downcalls, not critical ones: many drivers make a
 * system call in them, and the switch between thread states costs well below a nanosecond for each packet of a full burst.
 *
 * <p>Thread: one worker. Owner: the device, after whose end it must not be used.
 */
public final class EthQueue {

    /** Size of {@code struct rte_eth_fp_ops} of rte_ethdev_core.h. */
    private static final int FP_OPS_BYTES = 128;

    /** {@code eth_rx_burst_t} and {@code eth_tx_burst_t}: queue, array, count. */
    @SuppressWarnings("restricted")
    private static final MethodHandle BURST =
            Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_SHORT, JAVA_LONG, JAVA_LONG, JAVA_SHORT));

    private final short port;
    private final short number;
    private final MemorySegment receiveBurst;
    private final MemorySegment transmitBurst;
    private final MemorySegment transmitPrepare;
    private final long receiveQueue;
    private final long transmitQueue;
    private final int interruptFileDescriptor;

    /** Looks a queue up; the port must have been started. */
    EthQueue(short port, int number) {
        this.port = port;
        this.number = (short) number;
        DpdkRelease.EthOps offsets = Dpdk.release().ethOps();
        long ops = Dpdk.variable("ethdev", "rte_eth_fp_ops") + (long) port * FP_OPS_BYTES;
        this.receiveBurst = function(ops + offsets.receiveBurst());
        this.transmitBurst = function(ops + offsets.transmitBurst());
        this.transmitPrepare = function(ops + offsets.transmitPrepare());
        this.receiveQueue = queue(ops + offsets.receiveQueues(), number);
        this.transmitQueue = queue(ops + offsets.transmitQueues(), number);
        this.interruptFileDescriptor = Math.max(EthCalls.interruptFileDescriptor(port, this.number), -1);
    }

    /**
     * Receives up to a number of frames.
     *
     * @param arrayAddress where to store the addresses of their buffers
     * @return number of frames; the buffers are the caller's
     */
    public int receive(long arrayAddress, int count) {
        try {
            return (short) BURST.invokeExact(receiveBurst, receiveQueue, arrayAddress, (short) count);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Transmits frames.
     *
     * @param arrayAddress where the addresses of their buffers are stored
     * @return number of frames taken, the first ones; their buffers are the driver's from now on, the others the caller's
     */
    public int transmit(long arrayAddress, int count) {
        try {
            return (short) BURST.invokeExact(transmitBurst, transmitQueue, arrayAddress, (short) count);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Has the driver do to frames that carry requests for offloads what its device needs, such as the sum over the pseudo
     * header. Frames without requests need it not.
     *
     * @return number of frames that can be transmitted, the first ones; the next one cannot
     */
    public int prepare(long arrayAddress, int count) {
        if (transmitPrepare.address() == 0) {
            return count;
        }
        try {
            return (short) BURST.invokeExact(transmitPrepare, transmitQueue, arrayAddress, (short) count);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The descriptor by which the device signals frames, or −1 when it has none and must be polled. */
    public int interruptFileDescriptor() {
        return interruptFileDescriptor;
    }

    /** Asks the device to signal frames from now on. Some do so always. */
    public void enableInterrupt() {
        EthCalls.enableInterrupt(port, number);
    }

    /** Asks the device not to signal frames. */
    public void disableInterrupt() {
        EthCalls.disableInterrupt(port, number);
    }

    private static MemorySegment function(long field) {
        return MemorySegment.ofAddress(Memory.ALL.get(JAVA_LONG, field));
    }

    private static long queue(long arrayField, int number) {
        return Memory.ALL.get(JAVA_LONG, Memory.ALL.get(JAVA_LONG, arrayField) + (long) number * Long.BYTES);
    }
}
