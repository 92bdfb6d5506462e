// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;

/**
 * Changes a packet on its walk: its key, so that later tables see the change, and by an operation of the program, where the
 * change is one of the frame. Each method answers what is remarkable about that, for people.
 *
 * <p>Every method reads what it needs before it changes anything: a walk that is interrupted in between does the whole action
 * again. For one walk, on one thread.
 */
final class PacketRewriter {

    /** Values that the stack may hold: more is a loop of resubmits. */
    private static final int MAX_STACK = 1_024;

    private final WalkContext walk;
    private final WalkedKey key;
    private final WalkedHeaders headers;

    PacketRewriter(WalkContext walk) {
        this.walk = walk;
        this.key = walk.key;
        this.headers = new WalkedHeaders(key);
    }

    String setField(Field field, MaskedValue value) {
        if (!key.has(field.setPrerequisite())) {
            return lacks(field);
        }
        // The PRESENT bit of a VLAN id is no bit of the frame.
        MaskedValue bits = field == Field.VLAN_VID
                ? MaskedValue.masked(value.low() & ~Match.VLAN_PRESENT, value.maskLow() & ~Match.VLAN_PRESENT)
                : value;
        key.overwrite(field, bits);
        if (isInFrame(field)) {
            walk.program.setField(field, bits);
        }
        return "";
    }

    /** Writes a number to bits of a field. */
    String write(FieldRange to, RangeBits bits) {
        return setField(to.field(), bits.in(to));
    }

    String move(Action.Move move) {
        Field from = move.from().field();
        if (!key.has(from.setPrerequisite())) {
            return lacks(from);
        }
        if (!key.has(move.to().field().setPrerequisite())) {
            return lacks(move.to().field());
        }
        return write(move.to(), RangeBits.read(key, move.from()));
    }

    /** Puts bits on the stack; they are 0 if the packet does not have the field. */
    String push(FieldRange from) {
        if (walk.stack.size() == MAX_STACK) {
            return "not done: the stack is full";
        }
        walk.stack.add(RangeBits.read(key, from));
        return "";
    }

    String pop(FieldRange to) {
        if (walk.stack.isEmpty()) {
            return "not done: the stack is empty";
        }
        String result = write(to, walk.stack.getLast());
        walk.stack.removeLast();
        return result;
    }

    String pushVlan(int tpid) {
        // The new tag begins as a copy of the outer one (OpenFlow 1.3.5 §5.12.1), which becomes the inner one.
        walk.program.pushVlan(tpid, headers.pushTag() & ~Match.VLAN_PRESENT);
        return "";
    }

    String popVlan() {
        if (!key.has(Prerequisite.VLAN)) {
            return "not done: the packet has no tag";
        }
        headers.popTag();
        walk.program.popVlan();
        return "";
    }

    String pushMpls(int ethType) {
        boolean hasTtl = key.has(Prerequisite.MPLS) || key.has(Prerequisite.IP);
        walk.program.pushMpls(ethType, headers.pushLabel(ethType));
        if (hasTtl) {
            // It is copied in the frame, so that packets of every TTL have the same program.
            walk.program.copyTtlOut();
        }
        return "";
    }

    String popMpls(int ethType) {
        if (!key.has(Prerequisite.MPLS)) {
            return "not done: the packet is not MPLS";
        }
        headers.popLabel(ethType);
        walk.program.popMpls(ethType);
        return "";
    }

    String copyTtlOut() {
        if (!key.has(Prerequisite.MPLS)) {
            return "not done: the packet is not MPLS";
        }
        headers.copyTtlOut();
        walk.program.copyTtlOut();
        return "";
    }

    String copyTtlIn() {
        if (!key.has(Prerequisite.MPLS)) {
            return "not done: the packet is not MPLS";
        }
        headers.copyTtlIn();
        walk.program.copyTtlIn();
        return "";
    }

    /** Whether a packet has a TTL of IP that is to be decremented but is 0 or 1. Decrements it otherwise. */
    boolean isIpTtlExpired() {
        if (!key.has(Prerequisite.IP)) {
            return false;
        }
        if (!headers.decrementTtl(Field.IP_TTL)) {
            return true;
        }
        walk.program.decTtl();
        return false;
    }

    /** Whether a packet has a TTL of MPLS that is to be decremented but is 0 or 1. Decrements it otherwise. */
    boolean isMplsTtlExpired() {
        if (!key.has(Prerequisite.MPLS)) {
            return false;
        }
        if (!headers.decrementTtl(Field.MPLS_TTL)) {
            return true;
        }
        walk.program.decMplsTtl();
        return false;
    }

    private String lacks(Field field) {
        return walk.remark("not done: the packet has no ", field.text());
    }

    /** Whether a field is one of the frame, and not one of the walk or of a tunnel. */
    private static boolean isInFrame(Field field) {
        return field.word() < KeyLayout.PACKET_WORDS && field != Field.IN_PORT;
    }
}
