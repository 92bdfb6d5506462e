// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import io.makas.bench.guest.FrameCheck;
import io.makas.flow.packet.Checksum;
import io.makas.flow.packet.MacAddress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Sees that a frame came through as sent; through a router with one hop less, from its address and to that of the next hop. */
public final class ArrivalCheck implements FrameCheck {

    private static final ValueLayout.OfInt NETWORK_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int IPV4 = 14;
    private static final int IPV4_BYTES = 20;
    private static final int TTL = 22;
    private static final int DESTINATION = 30;

    private final byte[] addresses;
    /** The router, or null. */
    private final RouterRules router;

    /** Whether rules may change frames in ways that this does not know. */
    private final boolean isLenient;

    /** Expects frames as they are sent. */
    public ArrivalCheck(byte[] sent) {
        this.addresses = Arrays.copyOf(sent, 2 * MacAddress.BYTES);
        this.router = null;
        this.isLenient = false;
    }

    /**
     * Expects frames as rules leave them.
     *
     * @param sent any frame that is sent
     * @param rules by which frames are forwarded
     * @param seed by which the rules were made
     */
    public ArrivalCheck(byte[] sent, RuleText rules, long seed) {
        this.addresses = Arrays.copyOf(sent, 2 * MacAddress.BYTES);
        this.router = rules.name().startsWith("router") ? RouterRules.of(rules.routes(), seed) : null;
        this.isLenient = !rules.isBuiltIn();
    }

    @Override
    public String problem(byte[] frame) {
        MemorySegment segment = MemorySegment.ofArray(frame);
        int sum = Checksum.of(Checksum.sum(segment, IPV4, IPV4_BYTES));
        if (sum != 0) {
            return "its IPv4 checksum is wrong by 0x" + Integer.toHexString(sum);
        }
        if (isLenient) {
            return null;
        }
        byte[] expected = addresses;
        int expectedTtl = FrameTemplate.TTL;
        if (router != null) {
            expectedTtl--;
            expected = new byte[2 * MacAddress.BYTES];
            long hop = router.nextHop(segment.get(NETWORK_INT, DESTINATION));
            System.arraycopy(new MacAddress(hop).bytes(), 0, expected, 0, MacAddress.BYTES);
            byte[] own = new MacAddress(RouterRules.ROUTER_MAC).bytes();
            System.arraycopy(own, 0, expected, MacAddress.BYTES, MacAddress.BYTES);
        }
        if (frame[TTL] != expectedTtl) {
            return "its TTL is " + Byte.toUnsignedInt(frame[TTL]) + ", not " + expectedTtl;
        }
        if (!Arrays.equals(frame, 0, expected.length, expected, 0, expected.length)) {
            return "its Ethernet addresses are " + macs(frame) + ", not " + macs(expected);
        }
        return null;
    }

    private static String macs(byte[] frame) {
        return MacAddress.of(Arrays.copyOf(frame, MacAddress.BYTES)) + " from "
                + MacAddress.of(Arrays.copyOfRange(frame, MacAddress.BYTES, 2 * MacAddress.BYTES));
    }
}
