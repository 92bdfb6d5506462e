// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.ring;

import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.XdpSocket;
import java.lang.foreign.ValueLayout;

/**
 * Buffers that the kernel has sent and gives back. An entry is the offset that was given to the {@link TransmitRing}.
 *
 * <p>Thread: the worker.
 */
public final class CompletionRing extends ConsumerRing {

    private static final int ENTRY_BYTES = 8;

    /** Takes a ring of a socket. */
    public CompletionRing(XdpSocket.Ring ring) {
        super(ring);
    }

    /** Offset in the frame memory, somewhere in the buffer. */
    public long frameOffset(int index) {
        return Memory.ALL.get(ValueLayout.JAVA_LONG, entry(index, ENTRY_BYTES));
    }
}
