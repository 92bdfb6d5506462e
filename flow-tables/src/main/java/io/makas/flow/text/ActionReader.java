// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads what stands behind {@code actions=}: actions, which are applied, and the other instructions among them. What each
 * action is like is told by its {@link ActionParser}. For one flow.
 */
final class ActionReader {

    private static final Set<String> INSTRUCTIONS =
            Set.of("goto_table", "write_metadata", "clear_actions", "write_actions", "apply_actions", "meter");

    /** Actions of Open vSwitch that are read as such, to say so. */
    private static final Set<String> UNSUPPORTED = Set.of(
            "ct",
            "ct_clear",
            "debug_recirc",
            "debug_slow",
            "dec_nsh_ttl",
            "decap",
            "delete_field",
            "encap",
            "nat",
            "unroll_xlate");

    private final Set<String> instructionsSeen = new HashSet<>();
    private final ActionList apply;

    private List<Action> write = List.of();
    private boolean clear;
    private MaskedValue metadata = MaskedValue.masked(0, 0);
    private int gotoTable = Instructions.NO_TABLE;
    private int meter = Instructions.NO_METER;

    /** Reads actions for the packets of a match, which tells what {@code tp_dst} is. */
    ActionReader(MatchReader match) {
        this(match, match.hasTag() ? 1 : 0);
    }

    private ActionReader(MatchReader match, int tags) {
        this.apply = new ActionList(match, tags);
    }

    /** Reads actions by themselves, of which nobody says for which packets they are. */
    static ActionReader ofAnyMatch() {
        return new ActionReader(new MatchReader(), 1);
    }

    /** Reads a list of actions and instructions. */
    Instructions read(Word text) throws FlowTextException {
        List<Item> items = Item.listOf(text);
        if (items.isEmpty()) {
            throw text.part(0, 0).error("no actions; write actions=drop for none");
        }
        for (Item item : items) {
            String name = item.name().text().toLowerCase(Locale.ROOT);
            if (INSTRUCTIONS.contains(name)) {
                instruction(name, item);
            } else {
                action(items, item, apply);
            }
        }
        return new Instructions(meter, apply.actions(), clear, write, metadata.low(), metadata.maskLow(), gotoTable);
    }

    /** Reads the actions that lie within another action or instruction. */
    static void readActions(Word text, Word within, ActionList list) throws FlowTextException {
        List<Item> items = Item.listOf(text);
        for (Item item : items) {
            if (INSTRUCTIONS.contains(item.name().text().toLowerCase(Locale.ROOT))) {
                boolean isWithinInstruction =
                        INSTRUCTIONS.contains(within.text().toLowerCase(Locale.ROOT));
                throw item.name()
                        .error("instruction " + item.name().text() + " cannot be within "
                                + (isWithinInstruction ? "another one" : within.text()));
            }
            action(items, item, list);
        }
    }

    private static void action(List<Item> items, Item item, ActionList list) throws FlowTextException {
        String name = item.name().text().toLowerCase(Locale.ROOT);
        if (name.equals("drop")) {
            if (items.size() > 1) {
                throw item.name().error("drop must be the only action");
            }
            return;
        }
        ActionParser parser = ActionParser.ALL.get(name);
        if (parser != null) {
            parser.read(item, list);
        } else if (PortNotation.isPort(item.name()) && !item.hasValue()) {
            OutputActions.port(item.name(), list);
        } else {
            throw unknown(item.name());
        }
    }

    private void instruction(String name, Item item) throws FlowTextException {
        if (!instructionsSeen.add(name)) {
            throw item.name().error("instruction " + name + " is there twice");
        }
        Word argument = item.value();
        switch (name) {
            case "meter" -> meter = meter(argument);
            case "goto_table" -> gotoTable = argument.number(0xff);
            case "write_metadata" -> metadata = metadata(argument);
            case "clear_actions" -> clear = true;
            case "write_actions" -> {
                ActionList nested = apply.nested(item.name());
                readActions(argument, item.name(), nested);
                write = nested.actions();
            }
            case "apply_actions" -> readActions(argument, item.name(), apply);
            default -> throw new IllegalStateException(name);
        }
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

    private static FlowTextException unknown(Word name) {
        if (UNSUPPORTED.contains(name.text().toLowerCase(Locale.ROOT))) {
            return name.error("action " + name.text() + " is not supported");
        }
        Set<String> known = new TreeSet<>(ActionParser.ALL.keySet());
        known.addAll(INSTRUCTIONS);
        known.add("drop");
        return name.isEmpty() ? name.expected("an action") : name.unknown("action", known);
    }
}
