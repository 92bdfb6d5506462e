// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes matches and actions as {@code ovs-ofctl} does. Stateless. */
final class FlowWriter {

    /** The order of fields in text, but for those that are written before or apart. */
    private static final List<Field> ORDER = order();

    private static final long VID_AND_PRESENT = 0x1fff;

    private FlowWriter() {}

    /** The items of a match, without a comma at either end; empty for every packet. */
    static String match(Match match) {
        long[] value = match.valueWords();
        long[] mask = match.mask().toWords();
        long[] rest = mask.clone();
        List<String> items = new ArrayList<>();
        writeProtocol(items, value, mask, rest);
        for (Field field : ORDER) {
            if (field == Field.VLAN_TCI) {
                writeVlan(items, value, mask, rest);
                continue;
            }
            MaskedValue bits = MaskedValue.of(field, value, rest);
            if (!bits.isEmpty() && field.prerequisite().isMet(value, mask)) {
                items.add(FieldNames.inMatch(field) + "=" + text(field, bits));
                clear(field, rest);
            }
        }
        for (int word = 0; word < KeyLayout.WORDS; word++) {
            // Bits that no field of such a packet has: only in megaflows.
            if (rest[word] != 0) {
                items.add(String.format("key[%d]=0x%x/0x%x", word, value[word] & rest[word], rest[word]));
            }
        }
        return String.join(",", items);
    }

    /** The actions and other instructions of a flow. */
    static String instructions(Instructions instructions) {
        List<String> items = new ArrayList<>();
        if (instructions.meter() != Instructions.NO_METER) {
            items.add("meter:" + Integer.toUnsignedString(instructions.meter()));
        }
        for (Action action : instructions.apply()) {
            items.add(action(action));
        }
        if (instructions.clear()) {
            items.add("clear_actions");
        }
        if (!instructions.write().isEmpty()) {
            List<String> written =
                    instructions.write().stream().map(FlowWriter::action).toList();
            items.add("write_actions(" + String.join(",", written) + ")");
        }
        if (instructions.metadataMask() != 0) {
            items.add("write_metadata:"
                    + text(Field.METADATA, MaskedValue.masked(instructions.metadata(), instructions.metadataMask())));
        }
        if (instructions.gotoTable() != Instructions.NO_TABLE) {
            items.add("goto_table:" + instructions.gotoTable());
        }
        return items.isEmpty() ? "drop" : String.join(",", items);
    }

    /** One action. */
    static String action(Action action) {
        return switch (action) {
            case Action.Output(int port) -> "output:" + Integer.toUnsignedString(port);
            case Action.OutputReserved(ReservedPort port) -> port.text().toUpperCase(Locale.ROOT);
            case Action.Controller controller -> "CONTROLLER:" + controller.maxBytes();
            case Action.SetField(Field field, MaskedValue value) ->
                "set_field:" + text(field, value) + "->" + FieldNames.inAction(field);
            case Action.PushVlan(int tpid) -> String.format("push_vlan:0x%04x", tpid);
            case Action.PopVlan() -> "pop_vlan";
            case Action.DecTtl() -> "dec_ttl";
            case Action.Resubmit(int inPort, int table) ->
                "resubmit(" + (inPort == 0 ? "" : Integer.toUnsignedString(inPort)) + ","
                        + (table == Action.Resubmit.SAME_TABLE ? "" : table) + ")";
            case Action.OutputField _ -> throw notYet(action);
            case Action.OutputTruncated _ -> throw notYet(action);
            case Action.Move _ -> throw notYet(action);
            case Action.Push _ -> throw notYet(action);
            case Action.Pop _ -> throw notYet(action);
            case Action.PushMpls _ -> throw notYet(action);
            case Action.PopMpls _ -> throw notYet(action);
            case Action.DecMplsTtl _ -> throw notYet(action);
            case Action.CopyTtlOut _ -> throw notYet(action);
            case Action.CopyTtlIn _ -> throw notYet(action);
            case Action.SetQueue _ -> throw notYet(action);
            case Action.PopQueue _ -> throw notYet(action);
            case Action.Group(int id) -> "group:" + Integer.toUnsignedString(id);
            case Action.Clone _ -> throw notYet(action);
            case Action.Learn _ -> throw notYet(action);
            case Action.FinTimeout _ -> throw notYet(action);
            case Action.Note _ -> throw notYet(action);
            case Action.Exit _ -> throw notYet(action);
            case Action.Sample _ -> throw notYet(action);
            case Action.CheckPacketLarger _ -> throw notYet(action);
            case Action.Conjunction _ -> throw notYet(action);
            case Action.Multipath _ -> throw notYet(action);
            case Action.Bundle _ -> throw notYet(action);
        };
    }

    private static IllegalStateException notYet(Action action) {
        return new IllegalStateException("no text for " + action);
    }

    private static void writeProtocol(List<String> items, long[] value, long[] mask, long[] rest) {
        if (Field.ETH_TYPE.in(mask) != Field.ETH_TYPE.ones()) {
            return;
        }
        long type = Field.ETH_TYPE.in(value);
        boolean hasProto = Field.IP_PROTO.in(mask) == Field.IP_PROTO.ones();
        Protocols.Shorthand both = hasProto ? Protocols.of(type, Field.IP_PROTO.in(value)) : null;
        Protocols.Shorthand one = both != null ? both : Protocols.of(type, Protocols.ANY_PROTO);
        if (one != null) {
            items.add(one.name());
            clear(Field.ETH_TYPE, rest);
        }
        if (both != null) {
            clear(Field.IP_PROTO, rest);
        }
    }

    private static void writeVlan(List<String> items, long[] value, long[] mask, long[] rest) {
        long tci = Field.VLAN_TCI.in(value) & Field.VLAN_TCI.in(mask);
        long bits = Field.VLAN_TCI.in(mask);
        if (bits == 0) {
            return;
        }
        boolean isTagged = (tci & Match.VLAN_PRESENT) != 0;
        boolean hasVid = (bits & VID_AND_PRESENT) == VID_AND_PRESENT;
        boolean hasPcp = Field.VLAN_PCP.in(mask) == Field.VLAN_PCP.ones();
        boolean hasPresentOnly = (bits & VID_AND_PRESENT) == Match.VLAN_PRESENT;
        boolean isVidAndPcp = isTagged && (hasVid || hasPresentOnly && hasPcp) && (hasPcp || bits == VID_AND_PRESENT);
        if (isVidAndPcp) {
            if (hasVid) {
                items.add("dl_vlan=" + (tci & VID_AND_PRESENT - Match.VLAN_PRESENT));
            }
            if (hasPcp) {
                items.add("dl_vlan_pcp=" + Field.VLAN_PCP.in(value));
            }
        } else {
            items.add(text("vlan_tci", Field.VLAN_TCI, MaskedValue.masked(tci, bits)));
        }
        clear(Field.VLAN_TCI, rest);
    }

    private static String text(String name, Field field, MaskedValue value) {
        return name + "=" + text(field, value);
    }

    private static String text(Field field, MaskedValue value) {
        return FieldNotation.text(field, value);
    }

    private static void clear(Field field, long[] rest) {
        if (field.widthBits() > 64) {
            rest[field.word()] = 0;
            rest[field.word() + 1] = 0;
        } else {
            rest[field.word()] &= ~field.wordMask();
        }
    }

    private static List<Field> order() {
        List<Field> order = new ArrayList<>();
        for (Field field : Field.values()) {
            if (field.word() >= KeyLayout.PACKET_WORDS) {
                order.add(field);
            }
        }
        order.addAll(List.of(Field.IN_PORT, Field.VLAN_TCI, Field.ETH_SRC, Field.ETH_DST, Field.ETH_TYPE));
        for (Field field : Field.values()) {
            boolean isApart = field == Field.VLAN_VID || field == Field.VLAN_PCP || field == Field.IP_TOS;
            if (!isApart && !order.contains(field)) {
                order.add(field);
            }
        }
        return order;
    }
}
