// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

/**
 * What the owner of a {@link VhostSocket} is told about the guest at its other end.
 *
 * <p>Thread: librte_vhost's message thread, or the thread that closes the socket. Both methods hold up the messages of all
 * guests, so they do little and wait for nothing but a burst under way.
 */
public interface VhostGuest {

    /** A guest is ready: the rings of {@link VhostSocket#enabledRings} may be used under this number. */
    void arrived(int vid);

    /** The guest stops or is gone. When this returns, nobody uses the number any more. */
    void left(int vid);
}
