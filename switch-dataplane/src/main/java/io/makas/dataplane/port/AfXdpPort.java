// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Umem;
import io.makas.dataplane.ring.CompletionRing;
import io.makas.dataplane.ring.FillRing;
import io.makas.dataplane.ring.ReceiveRing;
import io.makas.dataplane.ring.TransmitRing;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.XdpSocket;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.PartialChecksum;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A port on a network interface, a pod's veth or a NIC, by an AF_XDP socket: frames come and go through rings shared with
 * the kernel, past its network stack.
 *
 * <p>What to know of a veth: the <em>other</em> end leaves checksums to hardware that is not there. This port completes them,
 * so that TCP works as well as ping; but it is cheaper to have the kernel do it while it copies: switch the other end's
 * {@code Ethtool.Feature.TX_CHECKSUM} off. The port's {@link #description} says when that was forgotten.
 *
 * <p>Buffers circulate: free → fill ring → kernel → receive ring → worker → (transmit ring of this or another port →
 * completion ring, or released) → free.
 *
 * <p>Thread: see {@link Port}. When the interface goes away the rings stay readable and empty, and what is transmitted is
 * dropped; the port reports its link down until it is closed.
 */
public final class AfXdpPort extends Port {

    /** Buffers refilled at once. */
    private static final int REFILL_FRAMES = FrameBatch.CAPACITY;
    /** Buffers taken back at once. */
    private static final int REAP_FRAMES = 2 * FrameBatch.CAPACITY;
    /** Turns between two looks at the kernel's own counters, a power of two: each costs a system call. */
    private static final int TURNS_PER_LOOK = 4096;
    /** {@code ETH_HLEN} of {@code linux/if_ether.h}: the kernel refuses shorter frames and would keep the buffer. */
    private static final int MIN_FRAME_BYTES = 14;

    private static final VarHandle CHECKSUMS_COMPLETED = completedHandle();

    private final AfXdpSetup setup;
    private final Umem umem;
    private final XdpSocket socket;
    private final FillRing fillRing;
    private final ReceiveRing receiveRing;
    private final TransmitRing transmitRing;
    private final CompletionRing completionRing;
    private final int maxFrameBytes;
    private final boolean completesChecksums;

    private long lossesCounted;
    /** Frames whose checksum was completed. Written by the worker. */
    private long checksumsCompleted;

    private int turns;

    private AfXdpPort(PortConfig.AfXdp config, AfXdpSetup setup) {
        super(config);
        this.setup = setup;
        this.umem = setup.umem();
        this.socket = setup.socket();
        this.fillRing = new FillRing(socket.fillRing());
        this.receiveRing = new ReceiveRing(socket.receiveRing());
        this.transmitRing = new TransmitRing(socket.transmitRing());
        this.completionRing = new CompletionRing(socket.completionRing());
        this.maxFrameBytes = setup.maxFrameBytes();
        this.completesChecksums = setup.isVeth();
    }

    /**
     * Opens the port on an interface of the calling thread's namespace, and switches the interface on.
     *
     * @throws io.makas.dataplane.sys.SysException when it cannot be opened, with what to do about it
     */
    public static AfXdpPort open(PortConfig.AfXdp config) {
        return new AfXdpPort(config, AfXdpSetup.open(config));
    }

    @Override
    public FramePool pool() {
        return umem;
    }

    /** Asks the kernel; for the control side. */
    @Override
    public boolean linkUp() {
        return setup.linkUp();
    }

    @Override
    public String description() {
        // One right checksum in 65,536 looks unfinished by chance.
        boolean many =
                (long) CHECKSUMS_COMPLETED.getOpaque(this) > 100 + counters().receivedPackets() / 1_000;
        return setup.description()
                + (many ? ", completes checksums (cheaper: 'ethtool -K ... tx off' at the other end)" : "");
    }

    @Override
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** What the kernel lost of this port's frames, by reason. For the control side. */
    public XdpSocket.Statistics statistics() {
        return socket.statistics();
    }

    @Override
    public void attach() {
        int filled;
        do {
            filled = refill();
        } while (filled == REFILL_FRAMES);
    }

    @Override
    public void detach() {
        reap();
        countLosses();
    }

    @Override
    public int receive(FrameBatch into) {
        refill();
        int ready = receiveRing.peek(FrameBatch.CAPACITY);
        if (ready == 0) {
            return 0;
        }
        int tail = receiveRing.tail();
        long bytes = 0;
        for (int i = 0; i < ready; i++) {
            long offset = receiveRing.frameOffset(tail + i);
            int lengthBytes = receiveRing.lengthBytes(tail + i);
            into.add(umem.handle(offset), umem.address(offset), lengthBytes);
            bytes += lengthBytes;
        }
        receiveRing.release(ready);
        counters().received(ready, bytes);
        if (completesChecksums) {
            completeChecksums(into);
        }
        return ready;
    }

    @Override
    public int transmit(FrameBatch from) {
        reap();
        int count = from.count;
        int room = transmitRing.reserve(count);
        int head = transmitRing.head();
        int sent = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            int lengthBytes = from.lengthBytes[i];
            if (sent < room && lengthBytes >= MIN_FRAME_BYTES && lengthBytes <= maxFrameBytes) {
                transmitRing.write(head + sent, umem.offset(from.address[i]), lengthBytes);
                sent++;
                bytes += lengthBytes;
            } else {
                umem.release(from.handle[i]);
            }
        }
        from.clear();
        if (sent > 0) {
            transmitRing.publish(sent);
            counters().transmitted(sent, bytes);
            wakeIfAsleep();
        }
        if (sent < count) {
            counters().dropOnTransmit(count - sent);
        }
        return sent;
    }

    @Override
    public void maintain() {
        reap();
        wakeIfAsleep();
        if ((++turns & TURNS_PER_LOOK - 1) == 0) {
            countLosses();
        }
    }

    @Override
    public int wakeUpFileDescriptor() {
        return socket.fileDescriptor();
    }

    @Override
    public boolean armWakeUp() {
        countLosses();
        return receiveRing.isEmpty();
    }

    @Override
    public void close() {
        setup.close();
    }

    private void completeChecksums(FrameBatch batch) {
        int completed = 0;
        for (int i = 0; i < batch.count; i++) {
            long layers = Layers.locate(Memory.ALL, batch.address[i], batch.lengthBytes[i]);
            if (PartialChecksum.complete(Memory.ALL, batch.address[i], layers)) {
                completed++;
            }
        }
        if (completed > 0) {
            CHECKSUMS_COMPLETED.setOpaque(this, checksumsCompleted + completed);
        }
    }

    /** Gives empty buffers to the kernel, a batch at a time. Returns how many. */
    private int refill() {
        if (fillRing.reserve(REFILL_FRAMES) < REFILL_FRAMES) {
            return 0;
        }
        int head = fillRing.head();
        int given = 0;
        while (given < REFILL_FRAMES) {
            long handle = umem.allocate();
            if (handle == FramePool.NONE) {
                break;
            }
            fillRing.write(head + given, umem.offset(handle));
            given++;
        }
        fillRing.publish(given);
        if (fillRing.needsWakeUp()) {
            socket.wakeReceive();
        }
        return given;
    }

    /** Takes sent buffers back. */
    private void reap() {
        int ready = completionRing.peek(REAP_FRAMES);
        if (ready == 0) {
            return;
        }
        int tail = completionRing.tail();
        for (int i = 0; i < ready; i++) {
            umem.release(umem.handle(completionRing.frameOffset(tail + i)));
        }
        completionRing.release(ready);
    }

    /** Calls the kernel as long as it sends something; what then is left, {@link #maintain} tries again. */
    private void wakeIfAsleep() {
        int left = transmitRing.pending();
        int before = left + 1;
        while (left > 0 && left < before && transmitRing.needsWakeUp()) {
            before = left;
            left = socket.wakeTransmit() ? 0 : transmitRing.pending();
        }
    }

    /** Adds what the kernel lost since the last look. */
    private void countLosses() {
        long losses = socket.receiveLosses();
        if (losses > lossesCounted) {
            counters().dropOnReceive((int) (losses - lossesCounted));
            lossesCounted = losses;
        }
    }

    private static VarHandle completedHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(AfXdpPort.class, "checksumsCompleted", long.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
