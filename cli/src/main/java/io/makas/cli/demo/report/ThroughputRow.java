// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.report;

import io.makas.cli.demo.measure.Placement;
import java.util.OptionalDouble;

/**
 * Throughput over one path.
 *
 * @param path {@code bridge}, {@code afxdp} or {@code vhost-user}
 * @param placement on which CPUs the ends ran
 * @param tcpGbps TCP payload received in Gbit/s; empty where no end has a TCP stack
 * @param udpKpps datagrams of 64 bytes of payload received, in thousands a second
 */
public record ThroughputRow(String path, Placement placement, OptionalDouble tcpGbps, double udpKpps) {}
