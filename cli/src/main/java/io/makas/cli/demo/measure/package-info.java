// SPDX-License-Identifier: Apache-2.0
/**
 * Measurements between two containers: round trips by sockperf, throughput by iperf3, and the distributions that come out.
 * How the containers are joined is not known here. Everything runs on the demonstration's own thread; start with
 * {@link io.makas.cli.demo.measure.Placement}, because no number means anything without one.
 */
package io.makas.cli.demo.measure;
