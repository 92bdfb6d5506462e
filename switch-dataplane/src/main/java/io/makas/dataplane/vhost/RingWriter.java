// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

/** A ring by which a guest receives. */
public abstract non-sealed class RingWriter extends GuestRing {

    private long sentBytes;

    RingWriter(RingSetup setup) {
        super(setup);
    }

    /**
     * Copies frames into the guest's buffers, and signals it if it asked for that.
     *
     * @param address where the frames begin
     * @param lengthBytes their lengths, at least 14
     * @param offload what is left to be done, see {@link io.makas.dataplane.memory.Offload}; only what the guest agreed to
     * @param count number of frames, at most a batch
     * @return number of frames that the guest had room for
     */
    public abstract int transmit(long[] address, int[] lengthBytes, long[] offload, int count);

    /** Bytes of the frames that the last {@link #transmit} sent. */
    public final long sentBytes() {
        return sentBytes;
    }

    final void account(long bytes) {
        sentBytes = bytes;
    }
}
