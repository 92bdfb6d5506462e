// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Umem;
import io.makas.dataplane.sys.Errno;
import io.makas.dataplane.sys.Ethtool;
import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.sys.XdpSocket;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens and closes what an {@link AfXdpPort} stands on: frame memory, socket, XDP program, in that order, and backwards.
 *
 * <p>Thread: control. Owner: the port.
 */
final class AfXdpSetup implements AutoCloseable {

    /** Entries of the receive ring and of the fill ring: what may come in while the worker is elsewhere. */
    static final int RECEIVE_ENTRIES = 2048;
    /** Entries of the transmit ring and of the completion ring. */
    static final int TRANSMIT_ENTRIES = 2048;

    /** Buffers for both directions and for what the worker and other ports hold. */
    private static final int FRAMES = RECEIVE_ENTRIES + TRANSMIT_ENTRIES + 1024;
    /** {@code ETH_HLEN} and {@code VLAN_HLEN}: what the kernel lets through beyond an interface's MTU. */
    private static final int MAX_HEADER_BYTES = 14 + 4;
    /** How long the kernel may take to let go of a queue whose socket was closed just now. */
    private static final long BUSY_PATIENCE_NS = 2_000_000_000L;

    private static final long BUSY_PAUSE_NS = 2_000_000L;

    private final Link link;
    private final Netlink netlink;
    private final Umem umem;
    private XdpSocket socket;
    private XdpAttachment attachment;
    private String description;
    private volatile boolean closed;

    private AfXdpSetup(Netlink netlink, Link link, Umem umem) {
        this.netlink = netlink;
        this.link = link;
        this.umem = umem;
    }

    /** Opens all of it, or nothing. */
    static AfXdpSetup open(PortConfig.AfXdp config) {
        Netlink netlink = Netlink.open();
        try {
            Link link = netlink.require(config.interfaceName());
            checkQueues(link, config.queue());
            AfXdpSetup setup = new AfXdpSetup(netlink, link, new Umem(FRAMES, frameBytes(link)));
            try {
                setup.start(config.queue());
                return setup;
            } catch (RuntimeException e) {
                setup.close();
                throw e;
            }
        } catch (RuntimeException e) {
            netlink.close();
            throw e;
        }
    }

    Umem umem() {
        return umem;
    }

    XdpSocket socket() {
        return socket;
    }

    boolean isVeth() {
        return link.kind().equals("veth");
    }

    String description() {
        return description;
    }

    /** Longest frame to send: what the interface's MTU allows, with one VLAN tag. */
    int maxFrameBytes() {
        return Math.min(link.mtuBytes() + MAX_HEADER_BYTES, umem.bufferSizeBytes() - FramePool.MIN_HEADROOM_BYTES);
    }

    boolean linkUp() {
        return !closed
                && netlink.link(link.index())
                        .filter(now -> now.up() && now.carrier())
                        .isPresent();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (attachment != null) {
            attachment.close();
        }
        if (socket != null) {
            socket.close();
        }
        umem.close();
        netlink.close();
    }

    private void start(int queue) {
        if (!link.up()) {
            netlink.setUp(link.index());
        }
        attachment = XdpAttachment.attach(link);
        socket = new XdpSocket(umem.mapping(), umem.bufferSizeBytes(), RECEIVE_ENTRIES, TRANSMIT_ENTRIES);
        bind(queue);
        attachment.serve(queue, socket.fileDescriptor());
        description = "AF_XDP on " + link.name() + (link.kind().isEmpty() ? "" : " (" + link.kind() + ")") + ", queue "
                + queue + ", " + attachment.description() + ", "
                + (socket.zeroCopy() ? "zero-copy" : "copied by the kernel");
    }

    /** Lets the driver write into the frame memory if it can, unless the program runs behind the driver. */
    private void bind(int queue) {
        int flags = XdpSocket.XDP_USE_NEED_WAKEUP | (attachment.isNative() ? 0 : XdpSocket.XDP_COPY);
        long deadlineNs = System.nanoTime() + BUSY_PATIENCE_NS;
        int answer = socket.bind(link.index(), queue, flags);
        while (answer == -Errno.EBUSY && System.nanoTime() < deadlineNs) {
            LockSupport.parkNanos(BUSY_PAUSE_NS);
            answer = socket.bind(link.index(), queue, flags);
        }
        if (answer < 0) {
            String advice =
                    answer == -Errno.EBUSY ? "another AF_XDP socket has this queue; end the process that holds it" : "";
            throw new SysException("bind of an AF_XDP socket to " + link.name() + " queue " + queue, -answer, advice);
        }
    }

    private static void checkQueues(Link link, int queue) {
        try (Ethtool ethtool = Ethtool.open()) {
            int queues = ethtool.channels(link.name()).receiveQueues();
            if (queue >= queues) {
                throw new SysException("interface " + link.name() + " has " + queues
                        + " receive queues, counted from 0; queue " + queue + " was asked for");
            }
            if (link.kind().equals("veth") && queues > 1) {
                throw new SysException(
                        "veth " + link.name() + " has " + queues + " receive queues and a port serves one: frames "
                                + "of the others would be lost; set one with 'ethtool -L " + link.name() + " rx 1'");
            }
        }
    }

    private static int frameBytes(Link link) {
        int needed = XdpSocket.XDP_PACKET_HEADROOM + link.mtuBytes() + MAX_HEADER_BYTES;
        if (needed <= Umem.SMALL_FRAME_BYTES) {
            return Umem.SMALL_FRAME_BYTES;
        }
        if (needed <= Umem.LARGE_FRAME_BYTES) {
            return Umem.LARGE_FRAME_BYTES;
        }
        int limit = Umem.LARGE_FRAME_BYTES - XdpSocket.XDP_PACKET_HEADROOM - MAX_HEADER_BYTES;
        throw new SysException("the MTU of " + link.name() + " is " + link.mtuBytes() + ", AF_XDP takes " + limit
                + " at most; set it with 'ip link set dev " + link.name() + " mtu " + limit + "' at both ends");
    }
}
