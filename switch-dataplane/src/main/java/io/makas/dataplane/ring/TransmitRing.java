// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.ring;

import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.XdpSocket;
import java.lang.foreign.ValueLayout;

/**
 * Frames for the kernel to send. An entry is {@code struct xdp_desc} of {@code linux/if_xdp.h}:
 *
 * <pre>
 * +--------------------------+------------+------------+
 * | offset of first byte (8) | length (4) | options (4)|
 * +--------------------------+------------+------------+
 * </pre>
 *
 * <p>Thread: the worker.
 */
public final class TransmitRing extends ProducerRing {

    private static final int ENTRY_BYTES = 16;
    private static final int LENGTH = 8;
    private static final int OPTIONS = 12;
    /** {@code XDP_PKT_CONTD}, since Linux 6.6. */
    private static final int XDP_PKT_CONTD = 1;
    /** {@code XDP_TX_METADATA}, since Linux 6.8. */
    private static final int XDP_TX_METADATA = 1 << 1;
    /** {@code XDP_TXMD_FLAGS_CHECKSUM}. */
    private static final long XDP_TXMD_FLAGS_CHECKSUM = 1 << 1;

    private static final int CHECKSUM_START = 8;
    private static final int CHECKSUM_OFFSET = 10;

    /** Takes a ring of a socket. */
    public TransmitRing(XdpSocket.Ring ring) {
        super(ring);
    }

    /** Writes one reserved entry, without options. */
    public void write(int index, long frameOffset, int lengthBytes) {
        long entry = entry(index, ENTRY_BYTES);
        Memory.ALL.set(ValueLayout.JAVA_LONG, entry, frameOffset);
        Memory.ALL.set(ValueLayout.JAVA_INT, entry + LENGTH, lengthBytes);
        Memory.ALL.set(ValueLayout.JAVA_INT, entry + OPTIONS, 0);
    }

    /** Writes one reserved entry with a piece of a frame that the next entry goes on with. */
    public void writeContinued(int index, long frameOffset, int lengthBytes) {
        write(index, frameOffset, lengthBytes);
        Memory.ALL.set(ValueLayout.JAVA_INT, entry(index, ENTRY_BYTES) + OPTIONS, XDP_PKT_CONTD);
    }

    /**
     * Writes one reserved entry with a frame whose checksum the kernel, or whoever is behind it, completes:
     * {@code struct xsk_tx_metadata} in front of the frame.
     *
     * @param frameAddress absolute address of the frame, whose socket has room for metadata in front of it
     * @param checksumStart first byte that the checksum covers, in bytes from the frame's first
     * @param checksumOffset where it goes, in bytes from there; within the frame, or the kernel stops sending
     */
    public void writeUnsummed(
            int index,
            long frameOffset,
            int lengthBytes,
            long frameAddress,
            int metadataBytes,
            int checksumStart,
            int checksumOffset) {
        write(index, frameOffset, lengthBytes);
        long metadata = frameAddress - metadataBytes;
        Memory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, metadata, XDP_TXMD_FLAGS_CHECKSUM);
        Memory.ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, metadata + CHECKSUM_START, (short) checksumStart);
        Memory.ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, metadata + CHECKSUM_OFFSET, (short) checksumOffset);
        Memory.ALL.set(ValueLayout.JAVA_INT, entry(index, ENTRY_BYTES) + OPTIONS, XDP_TX_METADATA);
    }
}
