// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.action.FieldRange;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.PlainKeyExtractor;
import io.makas.flow.key.Prerequisite;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A packet on its way, as plainly as it can be: its bytes, taken apart anew whenever something asks. Metadata and registers
 * are kept beside. What changes fields here shares no code with what the switch has for it.
 */
final class PlainFrame {

    private byte[] bytes;

    /** Metadata, registers and the like, at their places in the key. */
    private final long[] beside = new long[KeyLayout.WORDS];

    /** What was set in headers that the frame says it has and has not: bits and values. */
    private final long[] unwritable = new long[KeyLayout.WORDS];

    private final long[] unwritableMask = new long[KeyLayout.WORDS];

    private int inPort;

    /** Whether a TCP header counts only if its length is right. */
    private final boolean checksTcpLength;

    PlainFrame(byte[] bytes, int inPort, boolean checksTcpLength) {
        this.checksTcpLength = checksTcpLength;
        this.bytes = bytes.clone();
        this.inPort = inPort;
    }

    /** A copy that can be changed apart. */
    PlainFrame copy() {
        PlainFrame copy = new PlainFrame(bytes, inPort, checksTcpLength);
        System.arraycopy(beside, 0, copy.beside, 0, beside.length);
        System.arraycopy(unwritable, 0, copy.unwritable, 0, unwritable.length);
        System.arraycopy(unwritableMask, 0, copy.unwritableMask, 0, unwritable.length);
        return copy;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    int length() {
        return bytes.length;
    }

    /** The port that look-ups are made with. */
    void enterBy(int port) {
        inPort = port;
    }

    /** What a look-up sees. */
    long[] key() {
        long[] key = beside.clone();
        long[] packet = parse().key;
        for (int word = 0; word < packet.length; word++) {
            key[word] = packet[word] & ~unwritableMask[word] | unwritable[word];
        }
        return key;
    }

    /** Whether the frame has its type behind LLC and SNAP. */
    boolean isSnap() {
        PlainKeyExtractor parsed = parse();
        return parsed.typeAt != 12 + 4 * parsed.tagCount;
    }

    boolean isLaterFragment() {
        return has(Prerequisite.IP) && get(Field.IP_FRAG) == 3;
    }

    /** Whether an IPv6 header has a fragment header behind it. */
    boolean hasFragmentHeader() {
        int network = parse().networkAt;
        return network > 0 && has(Prerequisite.IPV6) && bytes[network + 6] == 44;
    }

    boolean has(Prerequisite prerequisite) {
        long[] all = new long[KeyLayout.WORDS];
        Arrays.fill(all, -1);
        return prerequisite.isMet(key(), all);
    }

    long get(Field field) {
        return field.in(key());
    }

    /** Bits of a field as a number. */
    BigInteger get(FieldRange range) {
        long[] key = key();
        Field field = range.field();
        BigInteger whole = unsigned(field.widthBits() > 64 ? key[field.word() + 1] : field.in(key));
        if (field.widthBits() > 64) {
            whole = whole.or(unsigned(key[field.word()]).shiftLeft(64));
        }
        return low(whole.shiftRight(range.firstBit()), range.widthBits());
    }

    /** The value that puts the low bits of a number into bits of a field. */
    static MaskedValue masked(FieldRange range, BigInteger number) {
        BigInteger value = low(number, range.widthBits()).shiftLeft(range.firstBit());
        BigInteger mask = low(BigInteger.ONE.negate(), range.widthBits()).shiftLeft(range.firstBit());
        return new MaskedValue(
                value.shiftRight(64).longValue(),
                value.longValue(),
                mask.shiftRight(64).longValue(),
                mask.longValue());
    }

    private static BigInteger unsigned(long word) {
        return low(BigInteger.valueOf(word), 64);
    }

    private static BigInteger low(BigInteger number, int bits) {
        return number.and(BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
    }

    /** Sets bits of a field, which the packet says that it has. */
    void set(Field field, MaskedValue value) {
        if (field.word() >= KeyLayout.RECEIVED_WORDS) {
            value.putInto(field, beside);
            return;
        }
        PlainKeyExtractor parsed = parse();
        byte[] before = bytes.clone();
        if (!write(parsed, field, value)) {
            value.putInto(field, unwritable);
            value.addMaskTo(field, unwritableMask);
        }
        PlainChecksums.mend(before, bytes, parsed);
    }

    void pushVlan(int tpid, int tci) {
        byte[] pushed = insert(12, 4);
        put(pushed, 12, 2, tpid);
        put(pushed, 14, 2, tci);
        bytes = pushed;
    }

    void popVlan() {
        bytes = remove(12, 4);
    }

    /** Puts a label stack entry before all others, behind the tags. */
    void pushMpls(int ethType, long entry) {
        int typeAt = parse().typeAt;
        byte[] pushed = insert(typeAt + 2, 4);
        put(pushed, typeAt, 2, ethType);
        put(pushed, typeAt + 2, 4, entry);
        forgetUnwritable();
        bytes = pushed;
    }

    /** Takes off the outer label stack entry, if it is wholly there; what is behind it has the type. */
    void popMpls(int ethType) {
        PlainKeyExtractor parsed = parse();
        forgetUnwritable();
        if (parsed.networkAt > 0) {
            put(bytes, parsed.typeAt, 2, ethType);
            bytes = remove(parsed.networkAt, 4);
        }
    }

    /** How many label stack entries there are. */
    int labelCount() {
        int at = has(Prerequisite.MPLS) ? parse().networkAt : 0;
        int count = 0;
        while (at > 0 && bytes.length - at >= 4) {
            count++;
            at = (bytes[at + 2] & 1) == 0 ? at + 4 : 0;
        }
        return count;
    }

    void forgetUnwritable() {
        Arrays.fill(unwritable, 0);
        Arrays.fill(unwritableMask, 0);
    }

    private PlainKeyExtractor parse() {
        return new PlainKeyExtractor(bytes, inPort, checksTcpLength);
    }

    private byte[] insert(int at, int count) {
        byte[] longer = new byte[bytes.length + count];
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(bytes, at, longer, at + count, bytes.length - at);
        return longer;
    }

    private byte[] remove(int at, int count) {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - count);
        System.arraycopy(bytes, at + count, shorter, at, bytes.length - count - at);
        return shorter;
    }

    /** Writes bits of a field; false if the frame has no place for it. */
    private boolean write(PlainKeyExtractor parsed, Field field, MaskedValue value) {
        int network = parsed.networkAt;
        boolean isIpv6 = Field.ETH_TYPE.in(parsed.key) == 0x86dd;
        int transport = parsed.transportAt;
        return switch (field) {
            case ETH_DST -> merge(true, 0, 48, 0, value);
            case ETH_SRC -> merge(true, 6, 48, 0, value);
            case VLAN_VID -> merge(parsed.tagCount > 0, 14, 12, 0, value);
            case VLAN_PCP -> merge(parsed.tagCount > 0, 14, 3, 13, value);
            case IP_SRC -> merge(network > 0, network + 12, 32, 0, value);
            case IP_DST -> merge(network > 0, network + 16, 32, 0, value);
            case IP_TOS ->
                merge(parsed.isIpWhole, isIpv6 ? network : network + 1, 8, isIpv6 ? 4 : 0, isIpv6 ? 16 : 8, value);
            case IP_DSCP ->
                merge(parsed.isIpWhole, isIpv6 ? network : network + 1, 6, isIpv6 ? 6 : 2, isIpv6 ? 16 : 8, value);
            case IP_ECN ->
                merge(parsed.isIpWhole, isIpv6 ? network : network + 1, 2, isIpv6 ? 4 : 0, isIpv6 ? 16 : 8, value);
            case IP_TTL -> merge(parsed.isIpWhole, isIpv6 ? network + 7 : network + 8, 8, 0, value);
            case IPV6_SRC -> wide(parsed.isIpWhole, network + 8, value);
            case IPV6_DST -> wide(parsed.isIpWhole, network + 24, value);
            case IPV6_LABEL -> merge(parsed.isIpWhole, network, 20, 0, 32, value);
            case TCP_SRC, UDP_SRC, SCTP_SRC -> merge(transport > 0, transport, 16, 0, value);
            case TCP_DST, UDP_DST, SCTP_DST -> merge(transport > 0, transport + 2, 16, 0, value);
            case ICMP_TYPE, ICMPV6_TYPE -> merge(transport > 0, transport, 8, 0, value);
            case ICMP_CODE, ICMPV6_CODE -> merge(transport > 0, transport + 1, 8, 0, value);
            case ND_TARGET -> wide(transport > 0 && parsed.transportEnd - transport >= 24, transport + 8, value);
            case ND_SLL -> merge(parsed.neighbourLinkAt[0] > 0, parsed.neighbourLinkAt[0], 48, 0, value);
            case ND_TLL -> merge(parsed.neighbourLinkAt[1] > 0, parsed.neighbourLinkAt[1], 48, 0, value);
            case ARP_OP -> merge(network > 0, network + 6, 16, 0, MaskedValue.exact(Field.ARP_OP, value.low()));
            case ARP_SHA -> merge(network > 0, network + 8, 48, 0, value);
            case ARP_SPA -> merge(network > 0, network + 14, 32, 0, value);
            case ARP_THA -> merge(network > 0, network + 18, 48, 0, value);
            case ARP_TPA -> merge(network > 0, network + 24, 32, 0, value);
            case MPLS_LABEL -> merge(network > 0, network, 20, 12, 32, value);
            case MPLS_TC -> merge(network > 0, network, 3, 9, 32, value);
            case MPLS_BOS -> merge(network > 0, network, 1, 8, 32, value);
            case MPLS_TTL -> merge(network > 0, network + 3, 8, 0, value);
            default -> throw new IllegalArgumentException(field + " cannot be set in a frame");
        };
    }

    private boolean merge(boolean isThere, int at, int width, int shift, MaskedValue value) {
        return merge(isThere, at, width, shift, (width + shift + 7) / 8 * 8, value);
    }

    /** Merges into a number of {@code size} bits at an offset, {@code shift} bits above its lowest. */
    private boolean merge(boolean isThere, int at, int width, int shift, int size, MaskedValue value) {
        if (isThere) {
            long mask = value.maskLow() & (1L << width) - 1;
            long old = take(bytes, at, size / 8);
            put(bytes, at, size / 8, old & ~(mask << shift) | (value.low() & mask) << shift);
        }
        return isThere;
    }

    private boolean wide(boolean isThere, int at, MaskedValue value) {
        if (isThere) {
            long high = take(bytes, at, 8);
            long low = take(bytes, at + 8, 8);
            put(bytes, at, 8, high & ~value.maskHigh() | value.high() & value.maskHigh());
            put(bytes, at + 8, 8, low & ~value.maskLow() | value.low() & value.maskLow());
        }
        return isThere;
    }

    static long take(byte[] from, int at, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | from[at + i] & 0xff;
        }
        return value;
    }

    static void put(byte[] into, int at, int count, long value) {
        for (int i = 0; i < count; i++) {
            into[at + i] = (byte) (value >>> 8 * (count - 1 - i));
        }
    }
}
