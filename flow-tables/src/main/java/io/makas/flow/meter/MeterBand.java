// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.meter;

/**
 * What a meter does to packets over a rate. Of the bands whose rate is exceeded, the one with the highest rate acts.
 *
 * @param type what is done
 * @param rate from which rate on, 1 to 4294967295 of the meter's unit a second
 * @param burstSize how many kilobits or packets may come at once, 1 to 4294967295; 0 where the meter has no burst flag
 * @param precedenceLevel by how many levels the drop precedence rises, 1 to 255; 0 for bands that drop
 */
public record MeterBand(Type type, long rate, long burstSize, int precedenceLevel) {

    /** The largest rate and burst size. */
    public static final long MAX_RATE = 0xffff_ffffL;

    /** What is done ({@code ofp_meter_band_type}, openflow.h). */
    public enum Type {
        /** Drop. */
        DROP("drop"),
        /** Raise the drop precedence in the DSCP of an IP packet of an assured forwarding class (RFC 2597). */
        DSCP_REMARK("dscp_remark");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        /** The name in {@code ovs-ofctl} syntax. */
        public String text() {
            return text;
        }
    }

    /** A band that drops. */
    public static MeterBand drop(long rate, long burstSize) {
        return new MeterBand(Type.DROP, rate, burstSize, 0);
    }

    /** A band that remarks. */
    public static MeterBand remark(long rate, long burstSize, int precedenceLevel) {
        return new MeterBand(Type.DSCP_REMARK, rate, burstSize, precedenceLevel);
    }
}
