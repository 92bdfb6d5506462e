// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import java.util.Map;

/** Reads the actions that change bits of fields. Stateless. */
final class FieldActions {

    private static final int TAG_TPID = 0x8100;
    private static final int MAX_VLAN_ID = 4095;
    private static final int MAX_VLAN_PRIORITY = 7;

    private FieldActions() {}

    static void addTo(Map<String, ActionParser> all) {
        all.put("set_field", FieldActions::setField);
        all.put("load", FieldActions::load);
        all.put("move", FieldActions::move);
        all.put("push", (item, list) -> list.add(new Action.Push(list.range(item.value()))));
        all.put("pop", (item, list) -> list.add(new Action.Pop(list.range(item.value()))));
        addSetter(all, "mod_dl_src", "eth_src");
        addSetter(all, "mod_dl_dst", "eth_dst");
        addSetter(all, "mod_nw_src", "ip_src");
        addSetter(all, "mod_nw_dst", "ip_dst");
        addSetter(all, "mod_nw_tos", "nw_tos");
        addSetter(all, "mod_nw_ecn", "nw_ecn");
        addSetter(all, "mod_nw_ttl", "nw_ttl");
        addSetter(all, "set_nw_ttl", "nw_ttl");
        addSetter(all, "mod_tp_src", "tp_src");
        addSetter(all, "mod_tp_dst", "tp_dst");
        addSetter(all, "set_mpls_label", "mpls_label");
        addSetter(all, "set_mpls_tc", "mpls_tc");
        addSetter(all, "set_mpls_ttl", "mpls_ttl");
        addSetter(all, "set_tunnel", "tun_id");
        addSetter(all, "set_tunnel64", "tun_id");
        all.put("set_vlan_vid", (item, list) -> vlanId(item.value(), list));
        all.put("set_vlan_pcp", (item, list) -> vlanPriority(item.value(), list));
        all.put("mod_vlan_vid", (item, list) -> {
            pushTagIfNeeded(list);
            vlanId(item.value(), list);
        });
        all.put("mod_vlan_pcp", (item, list) -> {
            pushTagIfNeeded(list);
            vlanPriority(item.value(), list);
        });
    }

    private static void addSetter(Map<String, ActionParser> all, String action, String field) {
        FieldName name = FieldNames.find(field);
        all.put(action, (item, list) -> set(name, item.value(), list));
    }

    private static void setField(Item item, ActionList list) throws FlowTextException {
        Arrow arrow = Arrow.of(item, "VALUE->FIELD");
        if (arrow.to().text().endsWith("]")) {
            load(arrow, list);
        } else {
            FieldName name = list.fieldName(arrow.to());
            if (name.fields().contains(Field.IN_PORT)) {
                // OpenFlow 1.3.5 §5.12 has no such set-field; Open vSwitch's load has, for packets that turn back.
                throw arrow.to().error("in_port cannot be set by set_field; load:N->NXM_OF_IN_PORT[] can");
            }
            set(name, arrow.from(), list);
        }
    }

    private static void set(FieldName name, Word value, ActionList list) throws FlowTextException {
        switch (name.kind()) {
            case VLAN_ID -> vlanId(value, list);
            case TYPE_OF_SERVICE -> {
                int tos = value.number(0xff);
                if ((tos & 3) != 0) {
                    throw value.expected("a type of service whose two low bits are 0");
                }
                list.add(new Action.SetField(Field.IP_DSCP, tos >> 2));
            }
            case PLAIN -> list.add(set(name.field(list::allows), value));
        }
    }

    private static Action.SetField set(Field field, Word text) throws FlowTextException {
        MaskedValue value = FieldNotation.read(field, text);
        if (value.hasStrayBits()) {
            throw text.error("the value has bits outside its mask");
        }
        if (value.isEmpty()) {
            throw text.error("the mask is 0, so nothing would be set");
        }
        // Both 5 and 0x1005 mean VLAN 5: a tag that is set is there.
        return field == Field.VLAN_VID && value.isExact(field)
                ? new Action.SetField(field, value.low() | Match.VLAN_PRESENT)
                : new Action.SetField(field, value);
    }

    /** {@code load:VALUE->FIELD[FROM..TO]}: a set-field in other words. */
    private static void load(Item item, ActionList list) throws FlowTextException {
        load(Arrow.of(item, "VALUE->FIELD[FROM..TO]"), list);
    }

    private static void load(Arrow arrow, ActionList list) throws FlowTextException {
        FieldRange range = list.range(arrow.to());
        Field field = range.field();
        boolean isPort = field == Field.IN_PORT && range.firstBit() == 0 && range.widthBits() >= 16;
        boolean isTypeOfService = field == Field.IP_TOS && range.isWhole();
        if (isPort) {
            list.add(new Action.SetField(field, PortNotation.read(arrow.from()) & 0xffff_ffffL));
        } else if (isTypeOfService) {
            // As with Open vSwitch, the bits of ECN stay.
            list.add(new Action.SetField(Field.IP_DSCP, arrow.from().number(0xff) >> 2));
        } else {
            list.add(new Action.SetField(field, RangeNotation.placed(range, arrow.from())));
        }
    }

    private static void move(Item item, ActionList list) throws FlowTextException {
        Arrow arrow = Arrow.of(item, "FIELD[FROM..TO]->FIELD[FROM..TO]");
        FieldRange from = list.range(arrow.from());
        FieldRange to = list.range(arrow.to());
        if (from.widthBits() != to.widthBits()) {
            throw arrow.to()
                    .error(arrow.from().text() + " has " + from.widthBits() + " bits, and "
                            + arrow.to().text() + " has " + to.widthBits());
        }
        list.add(new Action.Move(from, to));
    }

    private static void vlanId(Word value, ActionList list) throws FlowTextException {
        list.add(new Action.SetField(Field.VLAN_VID, value.number(MAX_VLAN_ID) | Match.VLAN_PRESENT));
    }

    private static void vlanPriority(Word value, ActionList list) throws FlowTextException {
        list.add(new Action.SetField(Field.VLAN_PCP, value.number(MAX_VLAN_PRIORITY)));
    }

    /** What {@code ovs-ofctl} sends to a switch that speaks OpenFlow 1.3, where OpenFlow 1.0 had one action. */
    private static void pushTagIfNeeded(ActionList list) {
        if (!list.hasTag()) {
            list.add(new Action.PushVlan(TAG_TPID));
        }
    }
}
