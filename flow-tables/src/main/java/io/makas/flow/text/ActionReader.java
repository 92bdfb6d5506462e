// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads what stands behind {@code actions=}: actions, which are applied, and the other instructions among them. For one flow.
 */
final class ActionReader {

    private static final Set<String> INSTRUCTIONS =
            Set.of("meter", "goto_table", "write_metadata", "clear_actions", "write_actions", "apply_actions");

    private static final Set<String> ACTIONS = Set.of(
            "drop",
            "output",
            "in_port",
            "all",
            "flood",
            "normal",
            "local",
            "controller",
            "set_field",
            "load",
            "push_vlan",
            "pop_vlan",
            "strip_vlan",
            "dec_ttl",
            "group",
            "resubmit",
            "mod_dl_src",
            "mod_dl_dst",
            "mod_nw_src",
            "mod_nw_dst",
            "mod_nw_tos",
            "mod_nw_ecn",
            "mod_nw_ttl",
            "mod_tp_src",
            "mod_tp_dst",
            "mod_vlan_vid",
            "mod_vlan_pcp");

    /** Actions of Open vSwitch that are read as such, to say so. */
    private static final Set<String> UNSUPPORTED = Set.of(
            "enqueue",
            "set_queue",
            "pop_queue",
            "move",
            "push",
            "pop",
            "push_mpls",
            "pop_mpls",
            "learn",
            "ct",
            "ct_clear",
            "nat",
            "clone",
            "note",
            "sample",
            "multipath",
            "bundle",
            "bundle_load",
            "conjunction",
            "set_tunnel",
            "set_tunnel64",
            "check_pkt_larger",
            "encap",
            "decap",
            "fin_timeout",
            "exit",
            "dec_mpls_ttl",
            "set_mpls_ttl",
            "table");

    private final MatchReader match;
    private final Set<String> instructionsSeen = new HashSet<>();

    private final List<Action> apply = new ArrayList<>();
    private List<Action> write = List.of();
    private boolean clear;
    private MaskedValue metadata = MaskedValue.masked(0, 0);
    private int gotoTable = Instructions.NO_TABLE;
    private int meter = Instructions.NO_METER;

    /** Reads actions for the packets of a match, which tells what {@code tp_dst} is. */
    ActionReader(MatchReader match) {
        this.match = match;
    }

    /** Reads a list of actions and instructions. */
    Instructions read(Word text) throws FlowTextException {
        List<Word> items = Splitter.items(text);
        if (items.isEmpty()) {
            throw text.part(0, 0).error("no actions; write actions=drop for none");
        }
        boolean isDrop = false;
        for (Word item : items) {
            Word name = nameOf(item);
            if (name.is("drop")) {
                requireAlone(items, item);
                isDrop = true;
            } else if (INSTRUCTIONS.contains(name.text())) {
                instruction(name, argumentOf(item, name));
            } else {
                apply.add(action(item));
            }
        }
        assert !isDrop || apply.isEmpty();
        return new Instructions(meter, apply, clear, write, metadata.low(), metadata.maskLow(), gotoTable);
    }

    private void instruction(Word name, Word argument) throws FlowTextException {
        if (!instructionsSeen.add(name.text())) {
            throw name.error("instruction " + name.text() + " is there twice");
        }
        switch (name.text()) {
            case "meter" -> meter = meter(argument);
            case "goto_table" -> gotoTable = argument.number(0xff);
            case "write_metadata" -> metadata = metadata(argument);
            case "clear_actions" -> clear = true;
            case "write_actions" -> write = actions(argument);
            case "apply_actions" -> apply.addAll(actions(argument));
            default -> throw new IllegalStateException(name.text());
        }
    }

    private List<Action> actions(Word text) throws FlowTextException {
        List<Action> actions = new ArrayList<>();
        List<Word> items = Splitter.items(text);
        for (Word item : items) {
            Word name = nameOf(item);
            if (INSTRUCTIONS.contains(name.text())) {
                throw name.error("instruction " + name.text() + " cannot be within another one");
            }
            if (name.is("drop")) {
                requireAlone(items, item);
            } else {
                actions.add(action(item));
            }
        }
        return actions;
    }

    private Action action(Word item) throws FlowTextException {
        Word name = nameOf(item);
        Word argument = argumentOf(item, name);
        if (!name.isEmpty() && Character.isDigit(name.text().charAt(0)) && argument.isEmpty()) {
            return output(name);
        }
        return switch (name.text().toLowerCase(Locale.ROOT)) {
            case "output" -> output(argument);
            case "in_port", "all", "flood", "normal", "local" -> output(name);
            case "controller" -> controller(argument);
            case "set_field" -> setField(argument);
            case "load" -> load(argument);
            case "push_vlan" -> new Action.PushVlan(argument.number(0xffff));
            case "pop_vlan", "strip_vlan" -> new Action.PopVlan();
            case "dec_ttl" -> new Action.DecTtl();
            case "group" -> new Action.Group((int) argument.number(Action.Group.MAX_ID & 0xffff_ffffL));
            case "resubmit" -> resubmit(item, argument);
            case "mod_dl_src" -> set(Field.ETH_SRC, argument);
            case "mod_dl_dst" -> set(Field.ETH_DST, argument);
            case "mod_nw_src" -> set(Field.IP_SRC, argument);
            case "mod_nw_dst" -> set(Field.IP_DST, argument);
            case "mod_nw_tos" -> new Action.SetField(Field.IP_DSCP, typeOfService(argument) >> 2);
            case "mod_nw_ecn" -> set(Field.IP_ECN, argument);
            case "mod_nw_ttl" -> set(Field.IP_TTL, argument);
            case "mod_tp_src" -> set(FieldNames.find("tp_src", match::allows), argument);
            case "mod_tp_dst" -> set(FieldNames.find("tp_dst", match::allows), argument);
            case "mod_vlan_vid" -> set(Field.VLAN_VID, argument);
            case "mod_vlan_pcp" -> set(Field.VLAN_PCP, argument);
            default -> throw unknown(name);
        };
    }

    private static FlowTextException unknown(Word name) {
        if (UNSUPPORTED.contains(name.text())) {
            return name.error("action " + name.text() + " is not supported");
        }
        Set<String> known = new TreeSet<>(ACTIONS);
        known.addAll(INSTRUCTIONS);
        return name.isEmpty() ? name.expected("an action") : name.unknown("action", known);
    }

    private static Action output(Word port) throws FlowTextException {
        for (ReservedPort reserved : ReservedPort.values()) {
            if (reserved.text().equalsIgnoreCase(port.text())) {
                return new Action.OutputReserved(reserved);
            }
        }
        if (port.text().equalsIgnoreCase("controller")) {
            return new Action.Controller(Action.Controller.WHOLE_PACKET);
        }
        if (port.isEmpty() || !Character.isDigit(port.text().charAt(0))) {
            throw port.expected("a port: a number, in_port, all, flood, local or controller");
        }
        return new Action.Output((int) port.number(Integer.toUnsignedLong(Action.MAX_PORT)));
    }

    private static Action controller(Word argument) throws FlowTextException {
        if (argument.isEmpty()) {
            return new Action.Controller(Action.Controller.WHOLE_PACKET);
        }
        Word bytes = argument.text().startsWith("max_len=") ? argument.after('=') : argument;
        return new Action.Controller(bytes.number(Action.Controller.WHOLE_PACKET));
    }

    private Action setField(Word argument) throws FlowTextException {
        int arrow = argument.text().indexOf("->");
        if (arrow < 0) {
            throw argument.expected("VALUE->FIELD");
        }
        Word name = argument.from(arrow + 2).strip();
        Field field = FieldNames.find(name.text(), match::allows);
        if (field == null) {
            throw name.unknown("field", MatchReader.KNOWN_NAMES);
        }
        return set(field, argument.part(0, arrow).strip());
    }

    private static Action set(Field field, Word text) throws FlowTextException {
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
    private Action load(Word argument) throws FlowTextException {
        int arrow = argument.text().indexOf("->");
        int bracket = argument.text().indexOf('[');
        if (arrow < 0 || bracket < arrow || !argument.text().endsWith("]")) {
            throw argument.expected("VALUE->FIELD[FROM..TO]");
        }
        Word name = argument.part(arrow + 2, bracket);
        Field field = FieldNames.find(name.text(), match::allows);
        if (field == null) {
            throw name.unknown("field", MatchReader.KNOWN_NAMES);
        }
        Word range = argument.part(bracket + 1, argument.text().length() - 1);
        int dots = range.text().indexOf("..");
        Word last = dots < 0 ? range : range.from(dots + 2);
        int low = range.isEmpty() ? 0 : (dots < 0 ? range : range.part(0, dots)).number(field.widthBits() - 1);
        int high = range.isEmpty() ? field.widthBits() - 1 : last.number(field.widthBits() - 1);
        int width = high - low + 1;
        if (width < 1 || high > 63) {
            throw range.expected("bits FROM..TO of the lower 64, the lower one first,");
        }
        long ones = width == 64 ? -1L : (1L << width) - 1;
        long value = argument.part(0, arrow).number(ones);
        return new Action.SetField(field, MaskedValue.masked(value << low, ones << low));
    }

    private static Action resubmit(Word item, Word argument) throws FlowTextException {
        if (!item.text().endsWith(")")) {
            return new Action.Resubmit((int) argument.number(0xffff_ffffL), Action.Resubmit.SAME_TABLE);
        }
        Word port = argument.before(',').strip();
        Word table = argument.after(',');
        int inPort = port.isEmpty() || port.is("in_port") ? 0 : (int) port.number(0xffff_ffffL);
        boolean isSameTable = table == null || table.strip().isEmpty();
        return new Action.Resubmit(
                inPort, isSameTable ? Action.Resubmit.SAME_TABLE : table.strip().number(0xff));
    }

    private static int meter(Word argument) throws FlowTextException {
        int id = (int) argument.number(Instructions.MAX_METER & 0xffff_ffffL);
        if (id == Instructions.NO_METER) {
            throw argument.expected("a meter from 1 to " + Integer.toUnsignedString(Instructions.MAX_METER));
        }
        return id;
    }

    private static MaskedValue metadata(Word argument) throws FlowTextException {
        MaskedValue value = FieldNotation.read(Field.METADATA, argument);
        if (value.hasStrayBits()) {
            throw argument.error("the value has bits outside its mask");
        }
        return value;
    }

    private static int typeOfService(Word argument) throws FlowTextException {
        int tos = argument.number(0xff);
        if ((tos & 3) != 0) {
            throw argument.expected("a type of service whose two low bits are 0");
        }
        return tos;
    }

    private static void requireAlone(List<Word> items, Word drop) throws FlowTextException {
        if (items.size() > 1) {
            throw drop.error("drop must be the only action");
        }
    }

    private static Word nameOf(Word item) {
        String text = item.text();
        int end = 0;
        while (end < text.length() && text.charAt(end) != ':' && text.charAt(end) != '(') {
            end++;
        }
        return item.part(0, end);
    }

    private static Word argumentOf(Word item, Word name) {
        int start = name.text().length();
        if (start == item.text().length()) {
            return item.from(start);
        }
        boolean isInParentheses =
                item.text().charAt(start) == '(' && item.text().endsWith(")");
        return item.part(start + 1, item.text().length() - (isInParentheses ? 1 : 0))
                .strip();
    }
}
