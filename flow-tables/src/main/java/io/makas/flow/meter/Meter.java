// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.meter;

import java.util.List;

/**
 * A meter as it was asked for ({@code ofp_meter_mod}, OpenFlow 1.3.5 §6.6). Whether there may be such a meter is checked when
 * it is added. Immutable, for any thread.
 *
 * @param id 1 to {@link io.makas.flow.action.Instructions#MAX_METER}, unsigned
 * @param unit what is measured
 * @param burst whether bands say how large a burst may be; if not, each takes what comes in one second at its rate
 * @param stats whether counters are wanted ({@code OFPMF_STATS}); they are kept in any case
 * @param bands what is done at which rate
 */
public record Meter(int id, Unit unit, boolean burst, boolean stats, List<MeterBand> bands) {

    /** Bands that a meter may have. */
    public static final int MAX_BANDS = 16;

    /** Makes the list immutable. */
    public Meter {
        bands = List.copyOf(bands);
    }

    /** What is measured ({@code ofp_meter_flags}, openflow.h). */
    public enum Unit {
        /** Kilobits (1,000 bits) of frames, from Ethernet header to payload, a second. */
        KBPS("kbps"),
        /** Packets a second. */
        PKTPS("pktps");

        private final String text;

        Unit(String text) {
            this.text = text;
        }

        /** The name in {@code ovs-ofctl} syntax. */
        public String text() {
            return text;
        }
    }
}
