// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.sys.EventFd;

/**
 * What a ring is made of: its place in our memory, checked, and what guest and switch agreed on.
 *
 * @param number number of the ring, for messages
 * @param memory the guest's memory
 * @param features what was negotiated, masks of {@link VirtioFeatures}
 * @param size number of descriptors, a power of two for a split ring
 * @param descriptors address of the descriptors
 * @param driver address of the area that the driver writes: available ring, or event structure
 * @param device address of the area that the device writes: used ring, or event structure
 * @param base index to go on from, as the protocol words it
 * @param call how the guest is signalled, or null when it polls
 * @param kick how the guest signals, or null when it does not
 */
record RingSetup(
        int number,
        GuestMemory memory,
        long features,
        int size,
        long descriptors,
        long driver,
        long device,
        int base,
        EventFd call,
        EventFd kick) {

    boolean has(long feature) {
        return (features & feature) != 0;
    }

    /** Bytes of the header in front of each frame. */
    int headerBytes() {
        return has(VirtioFeatures.VERSION_1 | VirtioFeatures.MRG_RXBUF) ? NetHeader.BYTES : NetHeader.LEGACY_BYTES;
    }
}
