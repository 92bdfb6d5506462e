// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import io.makas.flow.packet.MacAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * How an {@link EthDev} is set up.
 *
 * @param queues pairs of a receive and a transmit queue, from 1
 * @param descriptors length of each queue in frames; 0 leaves it to the driver
 * @param mtuBytes longest layer 3 payload; 0 for the driver's usual, 1500
 * @param mac Ethernet address to give to the device, or empty to leave it
 */
public record EthSettings(int queues, int descriptors, int mtuBytes, Optional<MacAddress> mac) {

    /** One queue each way, and all else as the driver has it. */
    public static final EthSettings DEFAULT = new EthSettings(1, 0, 0, Optional.empty());

    /** Checks the ranges that hold for every device. */
    public EthSettings {
        Objects.requireNonNull(mac, "mac");
        if (queues < 1 || descriptors < 0 || mtuBytes < 0) {
            throw new IllegalArgumentException(queues + " queues of " + descriptors + " descriptors, MTU " + mtuBytes
                    + ": less than there can be");
        }
    }
}
