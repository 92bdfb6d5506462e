// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.ring;

import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.XdpSocket;
import java.lang.foreign.ValueLayout;

/**
 * Empty buffers for the kernel to receive into. An entry is a buffer's offset in the frame memory, {@code __u64}.
 *
 * <p>Thread: the worker.
 */
public final class FillRing extends ProducerRing {

    private static final int ENTRY_BYTES = 8;

    /** Takes a ring of a socket. */
    public FillRing(XdpSocket.Ring ring) {
        super(ring);
    }

    /** Writes one reserved entry. */
    public void write(int index, long frameOffset) {
        Memory.ALL.set(ValueLayout.JAVA_LONG, entry(index, ENTRY_BYTES), frameOffset);
    }
}
