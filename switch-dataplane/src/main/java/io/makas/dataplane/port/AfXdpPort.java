// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.sys.XdpSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * A port on a network interface, a pod's veth or a NIC, by AF_XDP sockets, one for each queue: frames come and go through rings
 * shared with the kernel, past its network stack.
 *
 * <p>What to know of a veth: the <em>other</em> end leaves checksums to hardware that is not there. This port marks such frames
 * ({@link io.makas.dataplane.memory.Offload}), and sends marked frames so that the kernel behind it takes them as they are: between
 * two pods nobody computes a checksum. Where the kernel cannot be told, or the frame goes elsewhere, the switch completes it.
 * The port's {@link #description} says when the other end does that.
 *
 * <p>Thread: see {@link Port}. When the interface goes away the port reports its link down until it is closed.
 */
public final class AfXdpPort extends Port {

    private final AfXdpSetup setup;
    private final XdpQueue queue;
    private final List<PortQueue> queues = new ArrayList<>();

    private AfXdpPort(PortConfig.AfXdp config, AfXdpSetup setup) {
        super(config);
        this.setup = setup;
        this.queue = setup.queue(0, counters());
        queues.add(this);
        for (int i = 1; i < setup.queues(); i++) {
            queues.add(new AfXdpQueue(setup, i));
        }
    }

    /**
     * Opens the port on an interface of the calling thread's namespace, with frame memory of its own.
     *
     * @throws io.makas.dataplane.sys.SysException when it cannot be opened, with what to do about it
     */
    public static AfXdpPort open(PortConfig.AfXdp config) {
        try (XdpMemory own = XdpMemory.apart()) {
            return open(config, own);
        }
    }

    /**
     * Opens the port on an interface of the calling thread's namespace, and switches the interface on.
     *
     * @param memory for its frames, which ports of the same worker may share
     * @throws io.makas.dataplane.sys.SysException when it cannot be opened, with what to do about it
     */
    public static AfXdpPort open(PortConfig.AfXdp config, XdpMemory memory) {
        return new AfXdpPort(config, AfXdpSetup.open(config, memory));
    }

    @Override
    public List<? extends PortQueue> queues() {
        return queues;
    }

    @Override
    public FramePool pool() {
        return queue.pool();
    }

    /** Asks the kernel; for the control side. */
    @Override
    public boolean linkUp() {
        return setup.linkUp();
    }

    @Override
    public String description() {
        boolean many = queue.findsManyChecksumsUndone();
        for (PortQueue other : queues) {
            many |= other instanceof AfXdpQueue further && further.queue().findsManyChecksumsUndone();
        }
        return setup.description() + (many ? ", the other end leaves checksums to others" : "");
    }

    @Override
    public int maxFrameBytes() {
        return queue.maxFrameBytes();
    }

    /** What the kernel lost of the first queue's frames, by reason. For the control side. */
    public XdpSocket.Statistics statistics() {
        return queue.statistics();
    }

    @Override
    public void attach() {
        queue.attach();
    }

    @Override
    public void detach() {
        queue.detach();
    }

    @Override
    public int offloads() {
        return queue.offloads();
    }

    @Override
    public int receive(FrameBatch into) {
        return queue.receive(into);
    }

    @Override
    public int transmit(FrameBatch from) {
        return queue.transmit(from);
    }

    @Override
    public void maintain() {
        queue.maintain();
    }

    @Override
    public int wakeUpFileDescriptor() {
        return queue.wakeUpFileDescriptor();
    }

    @Override
    public boolean armWakeUp() {
        return queue.armWakeUp();
    }

    @Override
    public void close() {
        setup.close();
    }
}
