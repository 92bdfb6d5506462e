// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.packet.Mpls;
import io.makas.flow.packet.Vlan;

/**
 * Pushes and pops headers in the key of a packet on its walk, and moves TTLs between them: what a key that was extracted again
 * from the changed packet would say, as far as anybody can know it.
 *
 * <p>For one walk, on one thread.
 */
final class WalkedHeaders {

    /** The word whose low bits hold the inner tag. */
    private static final int INNER_TAG_WORD = Field.ETH_SRC.word();

    private static final long TAG_BITS = Field.VLAN_TCI.wordMask();

    /** The words of the label stack: outer entry high and second one low, third one high. */
    private static final int LABELS_WORD = Field.MPLS_LABEL.word();

    private static final int THIRD_LABEL_WORD = LABELS_WORD + 1;
    private static final long LOW_HALF = 0xffff_ffffL;
    private static final long TTL_BITS = 0xff;
    private static final long PROTOCOL_BITS = 0xffff;

    private final WalkedKey key;

    WalkedHeaders(WalkedKey key) {
        this.key = key;
    }

    /** Makes room for a tag, which begins as a copy of the outer one; gives the tag control information of both, 0 if none. */
    int pushTag() {
        long outer = key.has(Prerequisite.VLAN) ? key.read(Field.VLAN_TCI) : 0;
        // A packet without an outer tag has no inner one either.
        if (outer != 0 && isPresent(INNER_TAG_WORD)) {
            key.consult(INNER_TAG_WORD, TAG_BITS);
            key.hideTag(key.words()[INNER_TAG_WORD] & TAG_BITS);
        }
        setTags(outer | Match.VLAN_PRESENT, outer);
        return (int) outer;
    }

    /** Takes off the outer tag. The inner one is matched as the outer one then, so all of it counts. */
    void popTag() {
        long inner = 0;
        boolean mayHaveMore = false;
        if (isPresent(INNER_TAG_WORD)) {
            key.consult(INNER_TAG_WORD, TAG_BITS);
            inner = key.words()[INNER_TAG_WORD] & TAG_BITS;
            mayHaveMore = !key.hasHiddenTag() && Vlan.isTag((int) key.read(Field.ETH_TYPE));
        }
        setTags(inner, key.hasHiddenTag() ? key.uncoverTag() : 0);
        if (mayHaveMore) {
            key.hide(INNER_TAG_WORD, TAG_BITS);
            key.hide(Field.ETH_TYPE.word(), Field.ETH_TYPE.wordMask());
            hideUpperLayers(Field.IP_SRC.word(), KeyLayout.PACKET_WORDS);
        }
    }

    /**
     * Makes room for a label stack entry, which begins as a copy of the outer one, or with the TTL of IP.
     *
     * @return the new entry but for its TTL
     */
    int pushLabel(int ethType) {
        boolean isMpls = key.has(Prerequisite.MPLS);
        boolean isIp = !isMpls && key.has(Prerequisite.IP);
        long outer = isMpls ? readLabel(0) : 0;
        boolean hasSecond = isMpls && (outer & Mpls.BOTTOM_OF_STACK) == 0;
        long second = hasSecond ? readLabel(1) : 0;
        if (isIp) {
            key.requireKnown(Field.IP_TTL.word(), Field.IP_TTL.wordMask());
        }
        TtlOrigins ttls = key.ttls();
        long entry = isMpls ? outer & ~Mpls.BOTTOM_OF_STACK & ~TTL_BITS : Mpls.BOTTOM_OF_STACK;
        long ttl = isMpls ? outer & TTL_BITS : isIp ? Field.IP_TTL.in(key.words()) : 0;
        if (isMpls) {
            ttls.move(2, 3);
            ttls.move(1, 2);
            // What is in the outer one's place now is no longer what was received there, though it says the same.
            ttls.move(1, 1);
        } else {
            ttls.move(0, 1);
            ttls.setConstant(2);
            clearUpperLayers();
        }
        if (!isMpls && !isIp) {
            ttls.setConstant(1);
        }
        if (!hasSecond) {
            ttls.setConstant(3);
        }
        setEthType(ethType);
        setLabels(entry | ttl, outer, second);
        return (int) entry;
    }

    /** Takes off the outer label stack entry; what was behind it has the given type. */
    void popLabel(int ethType) {
        if (!Mpls.isMpls(ethType)) {
            setEthType(ethType);
            clearUpperLayers();
            TtlOrigins ttls = key.ttls();
            for (int slot = 1; slot < 4; slot++) {
                ttls.setConstant(slot);
            }
            if (hasKnownFields(ethType)) {
                hideUpperLayers(Field.IP_SRC.word(), LABELS_WORD);
            }
            return;
        }
        boolean wasBottom = key.read(Field.MPLS_BOS) != 0;
        long second = wasBottom ? 0 : readLabel(1);
        boolean hasThird = !wasBottom && (second & Mpls.BOTTOM_OF_STACK) == 0;
        long third = hasThird ? readLabel(2) : 0;
        TtlOrigins ttls = key.ttls();
        ttls.move(2, 1);
        ttls.move(3, 2);
        ttls.setConstant(3);
        if (!hasThird) {
            ttls.setConstant(2);
        }
        setEthType(ethType);
        setLabels(second, third, 0);
        if (wasBottom) {
            key.hide(LABELS_WORD, -1L);
        }
        if (wasBottom || hasThird && (third & Mpls.BOTTOM_OF_STACK) == 0) {
            key.hide(THIRD_LABEL_WORD, ~LOW_HALF);
        }
    }

    /**
     * Decrements the TTL of IP or of the outer label stack entry, if it is over 1. The walk depends on no more of the received
     * TTL than what shows whether it is.
     *
     * @return false if it is 0 or 1, and stays as it is
     */
    boolean decrementTtl(Field ttl) {
        int slot = TtlOrigins.slot(ttl);
        key.requireKnown(ttl.word(), ttl.wordMask());
        int value = (int) ttl.in(key.words());
        TtlOrigins ttls = key.ttls();
        if (!ttls.isOverOne(slot, value, key.mask())) {
            return false;
        }
        ttls.decrement(slot);
        putTtl(ttl, value - 1);
        return true;
    }

    /** Copies the TTL of the second label stack entry to the outer one; behind the last entry it is one that nobody knows. */
    void copyTtlOut() {
        if (key.read(Field.MPLS_BOS) != 0) {
            key.forget(Field.MPLS_TTL);
            return;
        }
        key.requireKnown(LABELS_WORD, TTL_BITS);
        TtlOrigins ttls = key.ttls();
        ttls.move(2, 1);
        putTtl(Field.MPLS_TTL, (int) (key.words()[LABELS_WORD] & TTL_BITS));
    }

    /** Copies the TTL of the outer label stack entry to the second one; what is behind the last entry, the key does not hold. */
    void copyTtlIn() {
        if (key.read(Field.MPLS_BOS) != 0) {
            return;
        }
        key.requireKnown(LABELS_WORD, Field.MPLS_TTL.wordMask());
        TtlOrigins ttls = key.ttls();
        ttls.move(1, 2);
        key.put(LABELS_WORD, TTL_BITS, Field.MPLS_TTL.in(key.words()));
    }

    private void setTags(long outer, long inner) {
        key.overwrite(Field.VLAN_TCI, MaskedValue.exact(Field.VLAN_TCI, outer));
        key.put(INNER_TAG_WORD, TAG_BITS, inner);
    }

    private boolean isPresent(int word) {
        key.consult(word, Match.VLAN_PRESENT);
        return (key.words()[word] & Match.VLAN_PRESENT) != 0;
    }

    /** A label stack entry, on all of which but the TTL the walk now depends. */
    private long readLabel(int index) {
        int word = index < 2 ? LABELS_WORD : THIRD_LABEL_WORD;
        int shift = index == 1 ? 0 : 32;
        key.requireKnown(word, TTL_BITS << shift);
        key.consult(word, (LOW_HALF ^ TTL_BITS) << shift);
        return key.words()[word] >>> shift & LOW_HALF;
    }

    private void setLabels(long outer, long second, long third) {
        key.put(LABELS_WORD, -1L, outer << 32 | second);
        key.put(THIRD_LABEL_WORD, ~LOW_HALF, third << 32);
    }

    private void setEthType(int ethType) {
        key.put(Field.ETH_TYPE.word(), Field.ETH_TYPE.wordMask(), (long) ethType << Field.ETH_TYPE.shift());
    }

    /** A packet has nothing that the key would hold behind its Ethernet type. */
    private void clearUpperLayers() {
        key.put(Field.IP_PROTO.word(), PROTOCOL_BITS, 0);
        for (int word = Field.IP_SRC.word(); word < KeyLayout.PACKET_WORDS; word++) {
            key.put(word, -1L, 0);
        }
        key.ttls().setConstant(0);
    }

    private void hideUpperLayers(int from, int to) {
        key.hide(Field.IP_PROTO.word(), PROTOCOL_BITS);
        for (int word = from; word < to; word++) {
            key.hide(word, -1L);
        }
    }

    /** Whether the key holds more of packets of an Ethernet type than the type. */
    private static boolean hasKnownFields(int ethType) {
        return switch (ethType) {
            case Ethernet.TYPE_IPV4, Ethernet.TYPE_IPV6, Ethernet.TYPE_ARP, Ethernet.TYPE_RARP -> true;
            default -> false;
        };
    }

    private void putTtl(Field ttl, int value) {
        key.put(ttl.word(), ttl.wordMask(), (long) value << ttl.shift());
    }
}
