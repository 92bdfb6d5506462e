// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.action.Action;
import io.makas.flow.key.Field;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import java.util.function.Predicate;

/** Tags and labels, pushed and popped on a plain frame. */
final class PlainHeaders {

    private static final long BOTTOM = 0x100;

    private PlainHeaders() {}

    static void change(PlainFrame frame, Action action, Predicate<Departure> departs) {
        switch (action) {
            case Action.PushVlan(int tpid) -> {
                int outer = (int) frame.get(Field.VLAN_TCI) & ~Match.VLAN_PRESENT;
                frame.pushVlan(tpid, outer != 0 && departs.test(Departure.PUSHED_TAG_IS_EMPTY) ? 0 : outer);
            }
            case Action.PopVlan _ -> {
                if (frame.has(Prerequisite.VLAN)) {
                    frame.popVlan();
                }
            }
            case Action.PushMpls(int ethType) -> frame.pushMpls(ethType, pushed(frame, departs));
            case Action.PopMpls(int ethType) -> {
                boolean hasMore = frame.has(Prerequisite.MPLS) && frame.get(Field.MPLS_BOS) == 0;
                boolean popsAll = hasMore && !isMpls(ethType) && departs.test(Departure.POP_TO_OTHER_TYPE_POPS_ALL);
                for (int known = 0; popsAll && frame.get(Field.MPLS_BOS) == 0 && known < 2; known++) {
                    frame.popMpls((int) frame.get(Field.ETH_TYPE));
                }
                if (frame.has(Prerequisite.MPLS)) {
                    frame.popMpls(ethType);
                }
            }
            default -> throw new IllegalArgumentException(action.toString());
        }
    }

    /** Whether setting a field changes what a first fragment carries, if only its checksum. */
    static boolean isTransportOrAddress(Field field) {
        return switch (field) {
            case IP_SRC, IP_DST, IPV6_SRC, IPV6_DST -> true;
            case TCP_SRC, TCP_DST, UDP_SRC, UDP_DST, SCTP_SRC, SCTP_DST -> true;
            case ICMP_TYPE, ICMP_CODE, ICMPV6_TYPE, ICMPV6_CODE -> true;
            default -> false;
        };
    }

    /** Whether the last label is taken off, and another one said to be behind it. */
    static boolean popsBehindBottom(PlainFrame frame, Action action) {
        return action instanceof Action.PopMpls(int ethType)
                && isMpls(ethType)
                && frame.has(Prerequisite.MPLS)
                && frame.get(Field.MPLS_BOS) == 1;
    }

    private static boolean isMpls(int ethType) {
        return ethType == 0x8847 || ethType == 0x8848;
    }

    /** A copy of the outer entry, or the first one, which takes the TTL of IP. */
    private static long pushed(PlainFrame frame, Predicate<Departure> departs) {
        if (frame.has(Prerequisite.MPLS)) {
            return frame.get(Field.MPLS_LABEL) << 12 | frame.get(Field.MPLS_TC) << 9 | frame.get(Field.MPLS_TTL);
        }
        boolean isIp = frame.has(Prerequisite.IP);
        if (departs.test(Departure.FIRST_LABEL_IS_EXPLICIT_NULL)) {
            long label = frame.has(Prerequisite.IPV6) ? 2 : 0;
            long trafficClass = isIp ? frame.get(Field.IP_DSCP) & 7 : 0;
            return label << 12
                    | trafficClass << 9
                    | BOTTOM
                    | (isIp && frame.get(Field.IP_TTL) != 0 ? frame.get(Field.IP_TTL) : 64);
        }
        return BOTTOM | (isIp ? frame.get(Field.IP_TTL) : 0);
    }
}
