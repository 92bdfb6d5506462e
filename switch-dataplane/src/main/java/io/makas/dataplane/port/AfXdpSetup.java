// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.Umem;
import io.makas.dataplane.sys.Ethtool;
import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.sys.XdpSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens and closes what an {@link AfXdpPort} stands on: a seat in the frame memory and a socket for each queue, and the XDP
 * program.
 *
 * <p>Thread: control. Owner: the port.
 */
final class AfXdpSetup implements AutoCloseable {

    /** {@code ETH_HLEN} and {@code VLAN_HLEN}: what the kernel lets through beyond an interface's MTU. */
    private static final int MAX_HEADER_BYTES = 14 + 4;

    private final PortConfig.AfXdp config;
    private final Netlink netlink;
    private final Link link;
    private final int queues;
    private final List<XdpMemory.Seat> seats = new ArrayList<>();
    private final List<XdpSocket> sockets = new ArrayList<>();
    private XdpAttachment attachment;
    private int programId;
    private String how = "";
    private volatile boolean closed;

    private AfXdpSetup(PortConfig.AfXdp config, Netlink netlink) {
        this.config = config;
        this.netlink = netlink;
        this.link = netlink.require(config.interfaceName());
        this.queues = queuesToServe(config, link);
    }

    /** Opens all of it, or nothing. */
    static AfXdpSetup open(PortConfig.AfXdp config, XdpMemory memory) {
        Netlink netlink = Netlink.open();
        try {
            AfXdpSetup setup = new AfXdpSetup(config, netlink);
            try {
                setup.start(memory);
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

    /** How many queues there are. */
    int queues() {
        return queues;
    }

    /** The socket of a queue, counted from 0 within the port, ready for work. */
    XdpQueue queue(int index, PortCounters counters) {
        XdpMemory.Seat seat = seats.get(index);
        boolean isVeth = link.kind().equals("veth");
        return new XdpQueue(
                seat.umem(), seat.holder(), sockets.get(index), counters, maxFrameBytes(seat.umem()), isVeth);
    }

    /** How the port runs, and what became of its interface. */
    String description() {
        Optional<Link> now = closed ? Optional.empty() : netlink.link(link.index());
        String kind = link.kind().isEmpty() ? "" : " (" + link.kind() + ")";
        return "AF_XDP on " + link.name() + kind + ", " + how
                + now.map(this::change)
                        .orElse(", gone: the interface was deleted or moved to another namespace; remove the port");
    }

    boolean linkUp() {
        return !closed
                && netlink.link(link.index())
                        .filter(now -> now.up() && now.carrier() && now.xdpProgramId() == programId)
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
        sockets.forEach(XdpSocket::close);
        seats.forEach(XdpMemory.Seat::close);
        netlink.close();
    }

    private void start(XdpMemory memory) {
        boolean isForLongFrames = chunkBytesFor(link) > Umem.SMALL_FRAME_BYTES;
        if (!link.up()) {
            netlink.setUp(link.index());
        }
        XdpProgram program = XdpProgram.of(link, queues, config.take());
        attachment = XdpAttachment.attach(program, link, config.mode());
        programId = netlink.link(link.index()).map(Link::xdpProgramId).orElse(0);
        XdpBinding binding = new XdpBinding(
                link, config.mode(), attachment.isNative(), chunkBytesFor(link) > Umem.LARGE_FRAME_BYTES);
        for (int i = 0; i < queues; i++) {
            seats.add(memory.enter(isForLongFrames));
            Umem umem = seats.get(i).umem();
            XdpSocket socket = new XdpSocket(
                    umem.mapping(),
                    umem.frameBytes(),
                    XdpQueue.RECEIVE_ENTRIES,
                    XdpQueue.TRANSMIT_ENTRIES,
                    umem.metadataBytes());
            sockets.add(socket);
            binding.bind(socket, config.queue() + i);
            attachment.serve(config.queue() + i, socket.fileDescriptor());
        }
        String which = queues == 1
                ? "queue " + config.queue()
                : "queues " + config.queue() + " to " + (config.queue() + queues - 1);
        String takes = config.take().isEmpty() ? "" : ", takes " + config.take() + " and leaves the rest to the host";
        how = which + ", " + attachment.description() + ", " + binding.description() + takes;
    }

    private String change(Link now) {
        if (now.xdpProgramId() != programId) {
            return ", its XDP program was taken away: nothing is received; remove and add the port";
        }
        String renamed = now.name().equals(link.name()) ? "" : ", now named " + now.name();
        return now.mtuBytes() == link.mtuBytes()
                ? renamed
                : renamed + ", opened with MTU " + link.mtuBytes() + " and now " + now.mtuBytes()
                        + ": remove and add the port";
    }

    /** Longest frame to send: what the interface's MTU allows, with one VLAN tag. */
    private int maxFrameBytes(Umem umem) {
        return Math.min(link.mtuBytes() + MAX_HEADER_BYTES, umem.longestFrameBytes());
    }

    private static int queuesToServe(PortConfig.AfXdp config, Link link) {
        Ethtool.Channels channels;
        try (Ethtool ethtool = Ethtool.open()) {
            channels = ethtool.channels(link.name());
        }
        int first = config.queue();
        int there = channels.receiveQueues();
        boolean isVeth = link.kind().equals("veth");
        boolean wantsAll = isVeth || !config.take().isEmpty();
        int wanted = config.queues() > 0 ? config.queues() : wantsAll ? Math.max(1, there - first) : 1;
        if (first + wanted > there) {
            throw new SysException("interface " + link.name() + " has " + there + " receive queues, counted from 0; "
                    + (wanted == 1
                            ? "queue " + first + " was"
                            : "queues " + first + " to " + (first + wanted - 1) + " were")
                    + " asked for");
        }
        if (isVeth && config.take().isEmpty() && wanted < there) {
            throw new SysException("veth " + link.name() + " has " + there + " receive queues and the port is to serve "
                    + wanted + ": frames of the others would be lost; serve all, or set fewer with 'ethtool -L "
                    + link.name() + " rx " + wanted + "'");
        }
        int canSend = channels.tx() + channels.combined();
        if (first + wanted > canSend) {
            throw new SysException("interface " + link.name() + " has " + canSend + " transmit queues, and queue "
                    + (first + wanted - 1) + " needs one of its own; set more with 'ethtool -L " + link.name() + " tx "
                    + (first + wanted) + "'");
        }
        return wanted;
    }

    /** How large a chunk would have to be for one frame; frames may take several chunks of a page. */
    private static int chunkBytesFor(Link link) {
        if (link.mtuBytes() > PortConfig.MAX_MTU_BYTES) {
            throw new SysException("the MTU of " + link.name() + " is " + link.mtuBytes() + ", ports take "
                    + PortConfig.MAX_MTU_BYTES + " at most; set it with 'ip link set dev " + link.name() + " mtu "
                    + PortConfig.MAX_MTU_BYTES + "' at both ends");
        }
        return XdpSocket.XDP_PACKET_HEADROOM + link.mtuBytes() + MAX_HEADER_BYTES;
    }
}
