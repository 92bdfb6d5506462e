// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.FieldRange;
import io.makas.flow.action.HashFields;
import io.makas.flow.group.SelectionMethod.HashedField;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import java.util.List;

/**
 * Hashes of some of a packet's fields, by which one of several links is chosen for all packets of a connection. The walk depends
 * on these fields then. Stateless.
 *
 * <p>Hashes that are alike either way add up what each end has, so that answers take the link that questions take.
 */
final class PacketHash {

    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    private PacketHash() {}

    /**
     * The hash of the fields; of packets that lack them, of what they have.
     *
     * @param basis other hashes for other numbers
     * @return 32 bits, unsigned
     */
    static long of(WalkedKey key, HashFields fields, int basis) {
        long hash = mix(basis * GOLDEN + fields.ordinal());
        return switch (fields) {
            case ETH_SRC -> finish(hash, key.read(Field.ETH_SRC));
            case SYMMETRIC_L4 -> finish(hash, symmetric(key, true));
            case SYMMETRIC_L3L4 -> finish(hash, addresses(key) + ports(key, false));
            case SYMMETRIC_L3L4_UDP -> finish(hash, addresses(key) + ports(key, true));
            case SYMMETRIC_L3 -> finish(hash, addresses(key));
            case NW_SRC -> finish(hash, address(key, Field.IP_SRC, Field.IPV6_SRC));
            case NW_DST -> finish(hash, address(key, Field.IP_DST, Field.IPV6_DST));
        };
    }

    /**
     * The hash of some fields, of those that the packet has.
     *
     * @param basis other hashes for other numbers
     * @return 32 bits, unsigned
     */
    static long of(WalkedKey key, List<HashedField> fields, int basis) {
        long hash = mix(basis * GOLDEN);
        for (HashedField hashed : fields) {
            if (key.has(hashed.field().prerequisite())) {
                MaskedValue value = key.read(hashed.field(), hashed.mask());
                hash = mix(hash ^ mix(value.high() + hashed.field().ordinal() * GOLDEN)) + mix(value.low());
            }
        }
        return finish(hash, fields.size());
    }

    /** The hash of a hash and a number, 32 bits, unsigned. */
    static long of(long hash, int number) {
        return finish(hash, number + 1L);
    }

    private static long symmetric(WalkedKey key, boolean withUdp) {
        long link = mix(key.read(Field.ETH_SRC)) + mix(key.read(Field.ETH_DST));
        long kind = key.read(Field.ETH_TYPE) << 16 | key.read(Field.VLAN_VID) & ~Match.VLAN_PRESENT;
        return link + mix(kind) + addresses(key) + ports(key, withUdp);
    }

    private static long addresses(WalkedKey key) {
        if (!key.has(Prerequisite.IP)) {
            return 0;
        }
        return mix(address(key, Field.IP_SRC, Field.IPV6_SRC)) + mix(address(key, Field.IP_DST, Field.IPV6_DST));
    }

    private static long ports(WalkedKey key, boolean withUdp) {
        if (!key.has(Prerequisite.IP)) {
            return 0;
        }
        long hash = mix(key.read(Field.IP_PROTO));
        boolean hasPorts =
                key.has(Prerequisite.TCP) || key.has(Prerequisite.SCTP) || withUdp && key.has(Prerequisite.UDP);
        return hasPorts ? hash + mix(key.read(Field.TCP_SRC)) + mix(key.read(Field.TCP_DST)) : hash;
    }

    private static long address(WalkedKey key, Field ipv4, Field ipv6) {
        if (key.has(Prerequisite.IPV4)) {
            return key.read(ipv4);
        }
        if (!key.has(Prerequisite.IPV6)) {
            return 0;
        }
        RangeBits bits = RangeBits.read(key, FieldRange.whole(ipv6));
        return mix(bits.high()) + bits.low();
    }

    private static long finish(long hash, long value) {
        return mix(hash ^ mix(value)) >>> Integer.SIZE;
    }

    /** The finalizer of SplitMix64: each bit of the result depends on each of the argument. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }
}
