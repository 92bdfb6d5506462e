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
}
