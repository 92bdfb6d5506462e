// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;

/** The types of actions that OpenFlow 1.3 has ({@code ofp_action_type}, openflow.h), for {@link TableFeatures}. */
public enum ActionType {
    /** Send by a port. */
    OUTPUT(0, new Action.Output(1)),
    /** Copy the TTL outwards. */
    COPY_TTL_OUT(11, new Action.CopyTtlOut()),
    /** Copy the TTL inwards. */
    COPY_TTL_IN(12, new Action.CopyTtlIn()),
    /** Set the TTL of MPLS. */
    SET_MPLS_TTL(15, new Action.SetField(Field.MPLS_TTL, 1)),
    /** Decrement the TTL of MPLS. */
    DEC_MPLS_TTL(16, new Action.DecMplsTtl()),
    /** Push a VLAN tag. */
    PUSH_VLAN(17, new Action.PushVlan(0x8100)),
    /** Pop a VLAN tag. */
    POP_VLAN(18, new Action.PopVlan()),
    /** Push an MPLS entry. */
    PUSH_MPLS(19, new Action.PushMpls(0x8847)),
    /** Pop an MPLS entry. */
    POP_MPLS(20, new Action.PopMpls(0x0800)),
    /** Use a queue. */
    SET_QUEUE(21, new Action.SetQueue(1)),
    /** Hand to a group. */
    GROUP(22, new Action.Group(1)),
    /** Set the TTL of IP. */
    SET_NW_TTL(23, new Action.SetField(Field.IP_TTL, 1)),
    /** Decrement the TTL of IP. */
    DEC_NW_TTL(24, new Action.DecTtl()),
    /** Set a field. */
    SET_FIELD(25, new Action.SetField(Field.REG0, MaskedValue.exact(Field.REG0, 1)));

    private final int number;
    private final Action example;

    ActionType(int number, Action example) {
        this.number = number;
        this.example = example;
    }

    /** The number in messages. */
    public int number() {
        return number;
    }

    /** An action of this type, as harmless as any. */
    Action example() {
        return example;
    }
}
