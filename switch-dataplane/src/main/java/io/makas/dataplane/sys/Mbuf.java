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

    /** {@code RTE_MBUF_F_RX_L4_CKSUM_MASK}, and {@code _NONE}: not computed yet, but nothing was damaged. */
    public static final long RX_CHECKSUM_NONE = 1L << 3 | 1L << 8;

    /** {@code RTE_MBUF_F_RX_LRO}: several segments in one, each with {@link #segmentBytes} of payload. */
    public static final long RX_LARGE = 1L << 16;

    /** {@code RTE_MBUF_F_TX_TCP_SEG}. */
    public static final long TX_TCP_SEGMENT = 1L << 50;

    /** {@code RTE_MBUF_F_TX_TCP_CKSUM}. */
    public static final long TX_TCP_CHECKSUM = 1L << 52;

    /** {@code RTE_MBUF_F_TX_UDP_CKSUM}. */
    public static final long TX_UDP_CHECKSUM = 3L << 52;

    /** {@code RTE_MBUF_F_TX_IP_CKSUM}. */
    public static final long TX_IP_CHECKSUM = 1L << 54;

    /** {@code RTE_MBUF_F_TX_IPV4}. */
    public static final long TX_IPV4 = 1L << 55;

    /** {@code RTE_MBUF_F_TX_IPV6}. */
    public static final long TX_IPV6 = 1L << 56;

    /** {@code RTE_MBUF_F_EXTERNAL} and {@code RTE_MBUF_F_INDIRECT}: whose memory the buffer is. */
    private static final long OWNERSHIP = 1L << 61 | 1L << 62;

    /** Widths in {@code tx_offload}: {@code l2_len}, {@code l3_len}, {@code l4_len}; {@code tso_segsz} follows, 16 bits. */
    private static final int L2_BITS = 7;

    private static final int L3_BITS = 9;
    private static final int L4_BITS = 8;
    private static final int SEGMENT_SHIFT = L2_BITS + L3_BITS + L4_BITS;

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

    /** Forgets the offload requests of the frame that was in the buffer before, and that its memory is another's: not for such. */
    public static void clearOffloads(long mbuf) {
        Memory.ALL.set(LONG, mbuf + OL_FLAGS, 0);
        Memory.ALL.set(LONG, mbuf + TX_OFFLOAD, 0);
    }

    /** {@code ol_flags}: what a driver says of a frame received. */
    public static long offloadFlags(long mbuf) {
        return Memory.ALL.get(LONG, mbuf + OL_FLAGS);
    }

    /** {@code tso_segsz}: payload of each segment of a large frame, in bytes. */
    public static int segmentBytes(long mbuf) {
        return (int) (Memory.ALL.get(LONG, mbuf + TX_OFFLOAD) >>> SEGMENT_SHIFT) & 0xffff;
    }

    /**
     * Asks whoever sends the frame to finish it.
     *
     * @param flags {@link #TX_TCP_CHECKSUM}…
     * @param l2Bytes of the link header, at most 127
     * @param l3Bytes of the IP header with extensions, at most 511
     * @param l4Bytes of the TCP or UDP header, at most 255
     * @param segmentBytes payload of each segment, 0 for none
     */
    public static void requestOffload(long mbuf, long flags, int l2Bytes, int l3Bytes, int l4Bytes, int segmentBytes) {
        long own = Memory.ALL.get(LONG, mbuf + OL_FLAGS) & OWNERSHIP;
        long lengths = l2Bytes | (long) l3Bytes << L2_BITS | (long) l4Bytes << L2_BITS + L3_BITS;
        Memory.ALL.set(LONG, mbuf + OL_FLAGS, own | flags);
        Memory.ALL.set(LONG, mbuf + TX_OFFLOAD, lengths | (long) segmentBytes << SEGMENT_SHIFT);
    }

    /** Bytes of the data buffer, headroom included. */
    public static int bufferBytes(long mbuf) {
        return Memory.ALL.get(SHORT, mbuf + BUF_LEN) & 0xffff;
    }

    /** Whether a buffer fresh from a pool looks as DPDK says it does: the fields are where this class looks for them. */
    static boolean looksFresh(long mbuf, long pool, int dataRoomBytes) {
        return bufferAddress(mbuf) == mbuf + SIZE_BYTES
                && Memory.ALL.get(SHORT, mbuf + REFCNT) == 1
                && isContiguous(layout(mbuf))
                && bufferBytes(mbuf) == dataRoomBytes
                && Memory.ALL.get(LONG, mbuf + POOL) == pool;
    }
}
