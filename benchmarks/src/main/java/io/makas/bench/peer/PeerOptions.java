// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import io.makas.bench.guest.GuestDevice;

/**
 * What all switches under test have in common.
 *
 * @param switchCore processor of the thread that forwards
 * @param ringSize entries of each ring of their guests
 * @param frameBytes length of the frames that their guests send
 * @param silentPorts further ports of Makas, each with a guest that says nothing
 */
public record PeerOptions(int switchCore, int ringSize, int frameBytes, int silentPorts) {

    /** A guest for one of its ports. */
    GuestDevice device() {
        return new GuestDevice(ringSize, frameBytes);
    }
}
