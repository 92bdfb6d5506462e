// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.key.Field;
import java.util.ArrayList;
import java.util.List;

/** A list of actions that is being read, and what they are read for. For one list. */
final class ActionList {

    /** How deep lists may lie within lists, as with {@code ovs-ofctl}. */
    private static final int MAX_DEPTH = 100;

    private final MatchReader match;
    private final int depth;
    private final List<Action> actions = new ArrayList<>();
    private int tags;

    /**
     * Starts a list.
     *
     * @param match the packets, which tell what {@code tp_dst} is
     * @param tags how many VLAN tags they have at least
     */
    ActionList(MatchReader match, int tags) {
        this(match, 0, tags);
    }

    private ActionList(MatchReader match, int depth, int tags) {
        this.match = match;
        this.depth = depth;
        this.tags = tags;
    }

    /** A list within this one, for packets as they are now. */
    ActionList nested(Word where) throws FlowTextException {
        if (depth == MAX_DEPTH) {
            throw where.error("actions lie more than " + MAX_DEPTH + " deep in each other");
        }
        return new ActionList(match, depth + 1, tags);
    }

    void add(Action action) {
        if (action instanceof Action.PushVlan) {
            tags++;
        } else if (action instanceof Action.PopVlan && tags > 0) {
            tags--;
        }
        actions.add(action);
    }

    /** The actions so far. */
    List<Action> actions() {
        return actions;
    }

    /** Whether every packet has a VLAN tag here. */
    boolean hasTag() {
        return tags > 0;
    }

    /** Whether the match has what a field needs. */
    boolean allows(Field field) {
        return match.allows(field);
    }

    /** The field of a name. */
    FieldName fieldName(Word name) throws FlowTextException {
        FieldName found = FieldNames.find(name.text());
        if (found == null) {
            throw FieldNames.unknown(name, FieldNames.all());
        }
        return found;
    }

    /** The bits that a word names. */
    FieldRange range(Word word) throws FlowTextException {
        return RangeNotation.read(word, this::allows);
    }
}
