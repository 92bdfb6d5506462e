// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.meter;

import io.makas.flow.table.TrafficCounter;
import java.util.List;

/**
 * A meter and its counters at a moment ({@code ofp_meter_stats}, OpenFlow 1.3.5 §7.3.5.12).
 *
 * @param meter the meter
 * @param flows how many flows refer to it
 * @param measured the packets that came to it
 * @param bands those of them that each band acted on
 * @param durationNs time since the meter was added
 */
public record MeterStatistics(
        Meter meter, int flows, TrafficCounter.Count measured, List<TrafficCounter.Count> bands, long durationNs) {

    /** Makes the list immutable. */
    public MeterStatistics {
        bands = List.copyOf(bands);
    }
}
