// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

import io.makas.dataplane.port.PortConfig;

/**
 * A port as others see it at one moment.
 *
 * @param number OpenFlow port number
 * @param config how it was asked for
 * @param linkUp whether a peer is there
 * @param description how it really runs, for people
 * @param receivedPackets packets received
 * @param receivedBytes bytes received
 * @param receiveDropped packets that arrived and were lost before the pipeline
 * @param transmittedPackets packets handed to the peer
 * @param transmittedBytes bytes handed to the peer
 * @param transmitDropped packets that the peer had no room for
 */
public record PortInfo(
        int number,
        PortConfig config,
        boolean linkUp,
        String description,
        long receivedPackets,
        long receivedBytes,
        long receiveDropped,
        long transmittedPackets,
        long transmittedBytes,
        long transmitDropped) {}
