// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

/**
 * Who uses the rings of a guest: a port.
 *
 * <p>Thread: the control thread of the {@link VhostBackend}.
 */
public interface VhostOwner {

    /**
     * Rings may be used from now on.
     *
     * @param readers rings by which the guest sends, by number of their queue pair; null where there is none to use
     * @param writers rings by which the guest receives, likewise
     */
    void startRings(RingReader[] readers, RingWriter[] writers);

    /** The rings are about to change or go, and the guest's memory with them. When this returns, nobody uses them any more. */
    void stopRings();

    /** The guest moved here: its place is to be announced to others by a RARP frame from this MAC address. */
    void announce(byte[] mac);
}
