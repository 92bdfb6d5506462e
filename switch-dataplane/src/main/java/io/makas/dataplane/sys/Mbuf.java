// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.lang.foreign.ValueLayout;

/**
 * The fields of DPDK's packet buffer that the switch reads and writes, at the buffer's absolute address.
 *
 * <pre>
 *   0        8       16 18 20 22   24       32   36   40                54 56      64
 *   +--------+--------+--+--+--+--+--------+----+----+--+---- … --------+--+-------+--- …
 *   |buf_addr| (iova) |do|rc|ns|po|ol_flags| pt |plen|dl|               |bl| pool  | next
 *   +--------+--------+--+--+--+--+--------+----+----+--+---- … --------+--+-------+--- …
 *   do data_off · rc refcnt · ns nb_segs · po port · pt packet_type · plen pkt_len · dl data_len · bl buf_len
 * </pre>
 *
 * <p>The frame starts at {@code buf_addr + data_off}. The first 64 bytes, one cache line, hold all of these but {@code next}.
 * {@link Mempool} checks at run time that the offsets, of {@code struct rte_mbuf} in rte_mbuf_core.h, are those of the DPDK
 * that is installed.
 *
 * <p>Thread: the worker that holds the buffer.
 */
public final class Mbuf {

    /** Bytes in front of a frame that DPDK received: {@code RTE_PKTMBUF_HEADROOM} of rte_config.h. */
    public static final int HEADROOM_BYTES = 128;

    /** Size of the structure itself; in the pools made here the data buffer follows. */
    static final int SIZE_BYTES = 128;

    private static final int BUF_ADDR = 0;
    /** {@code data_off}, {@code refcnt}, {@code nb_segs} and {@code port}, 16 bits each: {@code rearm_data}. */
    private static final int REARM_DATA = 16;

    private static final int DATA_OFF = 16;
    private static final int REFCNT = 18;
    private static final int NB_SEGS = 20;
    private static final int OL_FLAGS = 24;
    private static final int PKT_LEN = 36;
    private static final int DATA_LEN = 40;
    private static final int BUF_LEN = 54;
    private static final int POOL = 56;
    private static final int NEXT = 64;
    private static final int TX_OFFLOAD = 72;

    // The fields are aligned; not saying so spares a check at each access.
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private static final int NB_SEGS_SHIFT = (NB_SEGS - REARM_DATA) * Byte.SIZE;

    private Mbuf() {}

    /** First byte of the data buffer, headroom included. */
    public static long bufferAddress(long mbuf) {
        return Memory.ALL.get(LONG, mbuf + BUF_ADDR);
    }

    /** First byte of the frame. */
    public static long frameAddress(long mbuf) {
        return bufferAddress(mbuf) + (Memory.ALL.get(SHORT, mbuf + DATA_OFF) & 0xffff);
    }

    /** {@code data_off} and {@code nb_segs} in one read; see {@link #frameAddress(long, long)} and {@link #isContiguous}. */
    public static long layout(long mbuf) {
        return Memory.ALL.get(LONG, mbuf + REARM_DATA);
    }

    /** First byte of the frame, from what {@link #layout} answered. */
    public static long frameAddress(long mbuf, long layout) {
        return bufferAddress(mbuf) + (layout & 0xffff);
    }

    /** Whether the whole frame lies in this buffer, from what {@link #layout} answered. */
    public static boolean isContiguous(long layout) {
        return (layout >>> NB_SEGS_SHIFT & 0xffff) == 1;
    }

    /** Length of the whole frame, over all its buffers. */
    public static int frameLengthBytes(long mbuf) {
        return Memory.ALL.get(INT, mbuf + PKT_LEN);
    }

    /**
     * Brings a frame that lies in several buffers into the first of them, if it fits; else it stays as it is, which
     * {@link #isContiguous} tells.
     *
     * @param scratch room for one address
     */
    public static void gather(long mbuf, long scratch) {
        int length = frameLengthBytes(mbuf);
        long end = bufferAddress(mbuf) + (Memory.ALL.get(SHORT, mbuf + BUF_LEN) & 0xffff);
        long rest = Memory.ALL.get(LONG, mbuf + NEXT);
        long to = frameAddress(mbuf) + segmentLengthBytes(mbuf);
        long frameEnd = frameAddress(mbuf) + length;
        if (rest == 0 || length <= 0 || frameEnd > end) {
            return;
        }
        for (long segment = rest; segment != 0; segment = Memory.ALL.get(LONG, segment + NEXT)) {
            int bytes = segmentLengthBytes(segment);
            if (to + bytes > frameEnd) {
                return;
            }
            Memory.copy(frameAddress(segment), to, bytes);
            to += bytes;
        }
        if (to != frameEnd) {
            return;
        }
        Memory.ALL.set(LONG, mbuf + NEXT, 0);
        Memory.ALL.set(SHORT, mbuf + NB_SEGS, (short) 1);
        Memory.ALL.set(SHORT, mbuf + DATA_LEN, (short) length);
        Memory.ALL.set(LONG, scratch, rest);
        Mempool.free(scratch, 1);
    }

    private static int segmentLengthBytes(long mbuf) {
        return Memory.ALL.get(SHORT, mbuf + DATA_LEN) & 0xffff;
    }

    /** Says where in its buffer the frame is, all of it. */
    public static void setFrame(long mbuf, long frameAddress, int lengthBytes) {
        Memory.ALL.set(SHORT, mbuf + DATA_OFF, (short) (frameAddress - bufferAddress(mbuf)));
        Memory.ALL.set(INT, mbuf + PKT_LEN, lengthBytes);
        Memory.ALL.set(SHORT, mbuf + DATA_LEN, (short) lengthBytes);
    }

    /** Forgets the offload requests of the frame that was in the buffer before. */
    public static void clearOffloads(long mbuf) {
        Memory.ALL.set(LONG, mbuf + OL_FLAGS, 0);
        Memory.ALL.set(LONG, mbuf + TX_OFFLOAD, 0);
    }

    /** Whether a buffer fresh from a pool looks as DPDK says it does: the fields are where this class looks for them. */
    static boolean looksFresh(long mbuf, long pool, int dataRoomBytes) {
        return bufferAddress(mbuf) == mbuf + SIZE_BYTES
                && Memory.ALL.get(SHORT, mbuf + REFCNT) == 1
                && isContiguous(layout(mbuf))
                && (Memory.ALL.get(SHORT, mbuf + BUF_LEN) & 0xffff) == dataRoomBytes
                && Memory.ALL.get(LONG, mbuf + POOL) == pool;
    }
}
