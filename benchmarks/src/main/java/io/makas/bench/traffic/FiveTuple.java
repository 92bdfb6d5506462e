// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

/**
 * What tells an IPv4 flow from others.
 *
 * @param source source address
 * @param destination destination address
 * @param sourcePort source port, 0 to 65535; type and code for ICMP
 * @param destinationPort destination port, 0 to 65535
 * @param protocol IP protocol, 0 to 255
 */
public record FiveTuple(int source, int destination, int sourcePort, int destinationPort, int protocol) {

    /** UDP as an IP protocol. */
    public static final int UDP = 17;

    /** TCP as an IP protocol. */
    public static final int TCP = 6;

    /** ICMP as an IP protocol. */
    public static final int ICMP = 1;

    /** The flow of the answers. */
    public FiveTuple reversed() {
        return new FiveTuple(destination, source, destinationPort, sourcePort, protocol);
    }
}
