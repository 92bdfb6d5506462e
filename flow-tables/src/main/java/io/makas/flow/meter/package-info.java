// SPDX-License-Identifier: Apache-2.0

/**
 * Meters (OpenFlow 1.3.5 §5.7): they measure the packets of flows and drop or mark those over a rate.
 *
 * <p>Here: what a meter is, what edits of meters say, and the meter at work, which workers share. Not here: how edits are
 * carried out ({@code table}), where meters stand in a walk ({@code pipeline}), text. Read {@link io.makas.flow.meter.Meter}
 * first, then {@link io.makas.flow.meter.MeterEntry}.
 */
package io.makas.flow.meter;
