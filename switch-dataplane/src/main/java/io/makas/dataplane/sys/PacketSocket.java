// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Whole frames of an interface by an {@code AF_PACKET} socket: the plain way, a system call and two copies a frame, for
 * tests, probes and tools. It sees a copy of what comes in and can send; the kernel's stack goes on seeing it all.
 *
 * <p>A VLAN tag of a frame that comes in is taken off by the kernel. Thread: any, one at a time. Owner: the one who opened
 * it.
 */
public final class PacketSocket implements AutoCloseable {

    /** {@code ETH_P_ALL} of {@code linux/if_ether.h}. */
    private static final short ETH_P_ALL = 0x0003;
    /** {@code SOL_PACKET} of {@code linux/socket.h}. */
    private static final int SOL_PACKET = 263;
    /** {@code PACKET_IGNORE_OUTGOING} of {@code linux/if_packet.h}. */
    private static final int PACKET_IGNORE_OUTGOING = 23;
    /** {@code sizeof(struct sockaddr_ll)}: family, protocol, index, hardware type, packet type, length, address. */
    private static final int SOCKADDR_LL_BYTES = 20;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int RECEIVE_QUEUE_BYTES = 1 << 22;

    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
    private final String interfaceName;
    private final Descriptor descriptor;

    private PacketSocket(String interfaceName) {
        this.interfaceName = interfaceName;
        this.descriptor = new Descriptor(
                LibcSockets.socket(LibcSockets.AF_PACKET, LibcSockets.SOCK_RAW, 0),
                "socket(AF_PACKET)",
                "it needs CAP_NET_RAW: run as root");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
            check(
                    LibcSockets.setsockopt(fileDescriptor(), SOL_PACKET, PACKET_IGNORE_OUTGOING, one),
                    "PACKET_IGNORE_OUTGOING");
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, RECEIVE_QUEUE_BYTES);
            check(
                    LibcSockets.setsockopt(fileDescriptor(), LibcSockets.SOL_SOCKET, LibcSockets.SO_RCVBUF, size),
                    "SO_RCVBUF");
            MemorySegment address = arena.allocate(SOCKADDR_LL_BYTES, Integer.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) LibcSockets.AF_PACKET);
            address.set(ValueLayout.JAVA_SHORT.withOrder(java.nio.ByteOrder.BIG_ENDIAN), 2, ETH_P_ALL);
            address.set(ValueLayout.JAVA_INT, 4, InterfaceIndex.of(interfaceName));
            check(LibcSockets.bind(fileDescriptor(), address), "bind");
        } catch (RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /** Opens it on an interface of the calling thread's namespace. */
    public static PacketSocket open(String interfaceName) {
        if (InterfaceIndex.of(interfaceName) == 0) {
            throw new SysException(
                    "there is no interface '" + interfaceName + "' in this network namespace; see 'ip link'");
        }
        return new PacketSocket(interfaceName);
    }

    /** Opens it on an interface of another namespace. */
    public static PacketSocket open(NetNamespace namespace, String interfaceName) {
        return namespace.supply(() -> open(interfaceName));
    }

    /** Readable when a frame has come. */
    public int fileDescriptor() {
        return descriptor.number();
    }

    /** Sends a frame. Returns false when the interface does not take it: down, gone, or its queue is full. */
    public boolean send(byte[] frame) {
        MemorySegment.copy(frame, 0, buffer, ValueLayout.JAVA_BYTE, 0, frame.length);
        return LibcSockets.send(fileDescriptor(), buffer.address(), frame.length, LibcSockets.MSG_DONTWAIT)
                == frame.length;
    }

    /** The next frame, or null when there is none yet. */
    public byte[] receive() {
        long received = LibcSockets.receive(fileDescriptor(), buffer.address(), BUFFER_BYTES, LibcSockets.MSG_DONTWAIT);
        return received < 0 ? null : buffer.asSlice(0, received).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public void close() {
        descriptor.close();
    }

    private void check(int answer, String call) {
        if (answer < 0) {
            throw new SysException(call + " of a packet socket on " + interfaceName, -answer, "");
        }
    }
}
