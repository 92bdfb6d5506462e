// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

/**
 * One ring of a guest, for the worker that owns it.
 *
 * <p>A ring that the guest has broken says so by {@link #broken} and is not touched any more: it then has no frames and no room.
 *
 * <p>Thread: the worker; the control thread while no worker holds the guest.
 */
public abstract sealed class GuestRing permits RingReader, RingWriter {

    private final RingSetup setup;
    private String broken;

    GuestRing(RingSetup setup) {
        this.setup = setup;
    }

    /** Where to go on later, as {@code GET_VRING_BASE} words it. */
    abstract int base();

    /** How the ring was set up. */
    final RingSetup setup() {
        return setup;
    }

    /** The features that both ends agreed to, bits of {@link VirtioFeatures}. */
    public final long features() {
        return setup.features();
    }

    /** What the guest did that it must not, or null. */
    public final String broken() {
        return broken;
    }

    /** The guest broke the protocol: the ring is dead until it is set up again. */
    final void breakDown(String reason) {
        if (broken == null) {
            broken = "ring " + setup.number() + ": " + reason;
        }
    }

    /** Descriptor that the guest signals when it makes buffers available, or −1 when it does not. */
    public final int kickFileDescriptor() {
        return setup.kick() == null ? -1 : setup.kick().fileDescriptor();
    }

    /** Signals the guest. */
    final void call() {
        if (setup.call() != null) {
            setup.call().signal();
        }
    }
}
