// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.ring;

import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.XdpSocket;
import java.lang.foreign.ValueLayout;

/**
 * Frames that the kernel received. An entry is {@code struct xdp_desc}, see {@link TransmitRing}.
 *
 * <p>Thread: the worker.
 */
public final class ReceiveRing extends ConsumerRing {

    private static final int ENTRY_BYTES = 16;
    private static final int LENGTH = 8;
    private static final int OPTIONS = 12;
    /** {@code XDP_PKT_CONTD} of {@code linux/if_xdp.h}, since Linux 6.6. */
    private static final int XDP_PKT_CONTD = 1;

    /** Takes a ring of a socket. */
    public ReceiveRing(XdpSocket.Ring ring) {
        super(ring);
    }

    /** Offset of the frame's first byte in the frame memory. */
    public long frameOffset(int index) {
        return Memory.ALL.get(ValueLayout.JAVA_LONG, entry(index, ENTRY_BYTES));
    }

    /** Whether the next entry goes on with the same frame. */
    public boolean isContinued(int index) {
        return (Memory.ALL.get(ValueLayout.JAVA_INT, entry(index, ENTRY_BYTES) + OPTIONS) & XDP_PKT_CONTD) != 0;
    }

    /** Length of the frame, or of its piece, in bytes. */
    public int lengthBytes(int index) {
        return Memory.ALL.get(ValueLayout.JAVA_INT, entry(index, ENTRY_BYTES) + LENGTH);
    }
}
