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

    /** Takes a ring of a socket. */
    public ReceiveRing(XdpSocket.Ring ring) {
        super(ring);
    }

    /** Offset of the frame's first byte in the frame memory. */
    public long frameOffset(int index) {
        return Memory.ALL.get(ValueLayout.JAVA_LONG, entry(index, ENTRY_BYTES));
    }

    /** Length of the frame in bytes. */
    public int lengthBytes(int index) {
        return Memory.ALL.get(ValueLayout.JAVA_INT, entry(index, ENTRY_BYTES) + LENGTH);
    }
}
