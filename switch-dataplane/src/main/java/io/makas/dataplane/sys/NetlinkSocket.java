// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A netlink socket of the routing family: sends a request and waits for what the kernel answers.
 *
 * <p>It belongs to the namespace in which it was opened, and may be used from any thread. Thread: any, one request at a
 * time. Owner: {@link Netlink} or {@link LinkMonitor}.
 */
final class NetlinkSocket implements AutoCloseable {

    /** {@code NETLINK_ROUTE} of {@code linux/netlink.h}. */
    private static final int NETLINK_ROUTE = 0;
    /** {@code SOL_NETLINK} of {@code linux/socket.h}. */
    private static final int SOL_NETLINK = 270;
    /** {@code NETLINK_ADD_MEMBERSHIP}. */
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    /** {@code NETLINK_CAP_ACK}: do not repeat the request in an error. */
    private static final int NETLINK_CAP_ACK = 10;
    /** {@code NETLINK_EXT_ACK}: send the reason of an error as text. */
    private static final int NETLINK_EXT_ACK = 11;
    /** {@code NLMSG_ERROR}. */
    private static final int NLMSG_ERROR = 2;
    /** {@code NLMSG_DONE}. */
    private static final int NLMSG_DONE = 3;
    /** {@code NLM_F_MULTI}. */
    private static final int NLM_F_MULTI = 0x2;
    /** {@code NLM_F_DUMP_INTR}: what was listed changed meanwhile. */
    private static final int NLM_F_DUMP_INTR = 0x10;
    /** {@code NLM_F_ACK_TLVS}. */
    private static final int NLM_F_ACK_TLVS = 0x200;
    /** {@code NLMSGERR_ATTR_MSG}. */
    private static final int NLMSGERR_ATTR_MSG = 1;

    private static final int SOCKADDR_NL_BYTES = 12;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int ANSWER_TIMEOUT_SECONDS = 10;
    private static final int DUMP_ATTEMPTS = 8;

    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, Long.BYTES);
    private final Descriptor descriptor;
    private int sequence;

    /** Opens a socket in the namespace of the calling thread. */
    NetlinkSocket() {
        this.descriptor = new Descriptor(
                LibcSockets.socket(LibcSockets.AF_NETLINK, LibcSockets.SOCK_RAW, NETLINK_ROUTE),
                "socket(AF_NETLINK)",
                "");
        try (Arena local = Arena.ofConfined()) {
            MemorySegment address = local.allocate(SOCKADDR_NL_BYTES, Integer.BYTES);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) LibcSockets.AF_NETLINK);
            check(LibcSockets.bind(fileDescriptor(), address), "bind of a netlink socket");
            MemorySegment timeout = local.allocate(2 * Long.BYTES, Long.BYTES);
            timeout.set(ValueLayout.JAVA_LONG, 0, ANSWER_TIMEOUT_SECONDS);
            check(
                    LibcSockets.setsockopt(fileDescriptor(), LibcSockets.SOL_SOCKET, LibcSockets.SO_RCVTIMEO, timeout),
                    "setsockopt(SO_RCVTIMEO)");
        }
        option(NETLINK_CAP_ACK, 1);
        option(NETLINK_EXT_ACK, 1);
    }

    int fileDescriptor() {
        return descriptor.number();
    }

    /** Receives what the kernel tells a group, e.g. {@code RTNLGRP_LINK}, from now on. */
    void join(int group) {
        option(NETLINK_ADD_MEMBERSHIP, group);
    }

    /**
     * Sends a request that asks for an acknowledgement.
     *
     * @param what the request in words, for the message of an error
     * @param advice from the error number (positive), what to do about it; may be empty
     * @throws SysException with the kernel's own words when it refuses
     */
    void request(NetlinkMessage message, String what, Function<Integer, String> advice) {
        exchange(message, what, advice, answer -> {});
    }

    /**
     * Sends a request that is answered by messages.
     *
     * @param reader reads one message, positioned behind the header, its type as in {@code nlmsg_type}
     * @throws SysException when the kernel refuses
     */
    <T> List<T> query(NetlinkMessage message, String what, Function<NetlinkAnswer, T> reader) {
        for (int attempt = 1; ; attempt++) {
            List<T> answers = new ArrayList<>();
            boolean whole = exchange(message, what, errno -> "", answer -> answers.add(reader.apply(answer)));
            if (whole || attempt == DUMP_ATTEMPTS) {
                return answers;
            }
        }
    }

    /**
     * Takes messages that the kernel sent on its own, if there are any, and gives each to the reader.
     *
     * @return number of bytes, or −errno: {@code −EAGAIN} when there are none, {@code −ENOBUFS} when some were lost
     */
    synchronized long receive(Consumer<NetlinkAnswer> reader) {
        long answer = receive(LibcSockets.MSG_DONTWAIT);
        if (answer > 0) {
            for (NetlinkAnswer each : split((int) answer)) {
                reader.accept(each);
            }
        }
        return answer;
    }

    @Override
    public synchronized void close() {
        descriptor.close();
    }

    private synchronized boolean exchange(
            NetlinkMessage message, String what, Function<Integer, String> advice, Consumer<NetlinkAnswer> reader) {
        sequence++;
        byte[] bytes = message.bytes(sequence);
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
        long sent = LibcSockets.send(fileDescriptor(), buffer.address(), bytes.length, 0);
        if (sent < 0) {
            throw new SysException(what, (int) -sent, "the netlink socket does not take requests");
        }
        boolean whole = true;
        while (true) {
            long received = receive(0);
            if (received < 0) {
                throw new SysException(what, (int) -received, "the kernel sent no answer");
            }
            for (NetlinkAnswer answer : split((int) received)) {
                if (answer.sequence() != sequence) {
                    continue;
                }
                whole &= (answer.flags() & NLM_F_DUMP_INTR) == 0;
                if (answer.type() == NLMSG_ERROR) {
                    raise(answer, what, advice);
                    return whole;
                } else if (answer.type() == NLMSG_DONE) {
                    return whole;
                }
                reader.accept(answer);
                if ((answer.flags() & NLM_F_MULTI) == 0) {
                    return whole;
                }
            }
        }
    }

    private static void raise(NetlinkAnswer answer, String what, Function<Integer, String> advice) {
        ByteBuffer body = answer.body();
        int errno = -body.getInt();
        if (errno == 0) {
            return;
        }
        String reason = "";
        if ((answer.flags() & NLM_F_ACK_TLVS) != 0) {
            body.position(body.position() + NetlinkMessage.HEADER_BYTES);
            reason = new NetlinkAttributes(body).text(NLMSGERR_ATTR_MSG, "");
        }
        String hint = advice.apply(errno);
        String quoted = reason.isEmpty() ? "" : "the kernel says: " + reason;
        throw new SysException(what, errno, quoted + (quoted.isEmpty() || hint.isEmpty() ? "" : "; ") + hint);
    }

    private long receive(int flags) {
        long answer;
        do {
            answer = LibcSockets.receive(fileDescriptor(), buffer.address(), BUFFER_BYTES, flags);
        } while (answer == -Errno.EINTR);
        return answer;
    }

    private List<NetlinkAnswer> split(int sizeBytes) {
        byte[] bytes = buffer.asSlice(0, sizeBytes).toArray(ValueLayout.JAVA_BYTE);
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        List<NetlinkAnswer> answers = new ArrayList<>();
        int at = 0;
        while (at + NetlinkMessage.HEADER_BYTES <= sizeBytes) {
            int length = all.getInt(at);
            if (length < NetlinkMessage.HEADER_BYTES || at + length > sizeBytes) {
                break;
            }
            ByteBuffer body = all.slice(at, length).order(ByteOrder.nativeOrder());
            int type = body.getShort(4) & 0xffff;
            int flags = body.getShort(6) & 0xffff;
            answers.add(new NetlinkAnswer(type, flags, body.getInt(8), body.position(NetlinkMessage.HEADER_BYTES)));
            at += length + 3 & ~3;
        }
        return answers;
    }

    private void option(int option, int value) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment segment = local.allocateFrom(ValueLayout.JAVA_INT, value);
            check(
                    LibcSockets.setsockopt(fileDescriptor(), SOL_NETLINK, option, segment),
                    "setsockopt(SOL_NETLINK, " + option + ")");
        }
    }

    private static void check(int answer, String call) {
        if (answer < 0) {
            throw new SysException(call, -answer, "");
        }
    }
}
