// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.report;

import io.makas.cli.demo.measure.Distribution;
import io.makas.cli.demo.measure.Placement;
import io.makas.cli.demo.measure.Protocol;

/**
 * Round trips over one path.
 *
 * @param path {@code bridge}, {@code afxdp} or {@code vhost-user}
 * @param placement on which CPUs the ends ran
 * @param protocol by which protocol
 * @param bytes payload of each message
 * @param times how long the round trips took
 */
public record LatencyRow(String path, Placement placement, Protocol protocol, int bytes, Distribution times) {}
