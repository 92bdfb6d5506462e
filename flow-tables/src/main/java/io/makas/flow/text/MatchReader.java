// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.FieldRange;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import io.makas.flow.match.MatchException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the fields of a match: short words for protocols, {@code name=value} and {@code name[from..to]=value} items, in any
 * order. What says which headers there are is taken first, because it decides what other names mean. For one match.
 */
final class MatchReader {

    /** All words that an item may begin with. */
    static final Set<String> KNOWN_NAMES = knownNames();

    private static final int NO_VLAN = 0xffff;
    private static final int MAX_VLAN_ID = 4095;
    private static final int LAST_ORDER = 3;

    /** A field that is read when its turn comes. */
    private record Waiting(Word name, Word value, FieldName field) {}

    /** Bits of a field, which can come piece by piece. */
    private record Piece(Word name, MaskedValue value) {}

    private final Match.Builder match = Match.builder();
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<Field, Word> places = new EnumMap<>(Field.class);
    private final Map<Field, Piece> pieces = new EnumMap<>(Field.class);
    private int orders;

    /** Reads the items of a match without anything else. */
    static MatchReader of(Word text) throws FlowTextException {
        MatchReader reader = new MatchReader();
        for (Item item : Item.listOf(text)) {
            reader.add(item);
        }
        return reader;
    }

    /** Takes an item. */
    void add(Item item) throws FlowTextException {
        Word name = item.name();
        if (item.hasValue()) {
            FieldName field = FieldNames.find(name.before('[').text());
            if (field == null) {
                throw FieldNames.unknown(name, KNOWN_NAMES);
            }
            waiting.add(new Waiting(name, item.value(), field));
            orders |= 1 << field.order();
            return;
        }
        Protocols.Shorthand shorthand = Protocols.named(name.text());
        if (shorthand != null) {
            set(name, Field.ETH_TYPE, MaskedValue.exact(Field.ETH_TYPE, shorthand.ethType()));
            if (shorthand.ipProto() != Protocols.ANY_PROTO) {
                set(name, Field.IP_PROTO, MaskedValue.exact(Field.IP_PROTO, shorthand.ipProto()));
            }
        } else if (FieldNames.find(name.before('[').text()) != null) {
            throw name.error("'" + name.text() + "' needs a value: " + name.text() + "=…");
        } else if (!name.is(Protocols.ETHERNET)) {
            throw FieldNames.unknown(name, KNOWN_NAMES);
        }
    }

    /** Whether an item may begin with a name. */
    static boolean isKnown(Word name) {
        return FieldNames.find(name.before('[').text()) != null
                || Protocols.named(name.text()) != null
                || name.is(Protocols.ETHERNET);
    }

    /** The match of all items. */
    Match match() throws FlowTextException {
        for (int order = 0; order <= LAST_ORDER; order++) {
            if ((orders >>> order & 1) != 0) {
                readThose(order);
            }
        }
        for (Map.Entry<Field, Piece> piece : pieces.entrySet()) {
            set(piece.getValue().name(), piece.getKey(), piece.getValue().value());
        }
        addTagForPriority();
        try {
            return match.build();
        } catch (MatchException e) {
            Word place = places.get(e.field());
            throw (place == null ? places.values().iterator().next() : place).error(e.getMessage());
        }
    }

    /** Whether the match read so far has what a field needs. */
    boolean allows(Field field) {
        return match.allows(field);
    }

    /** Whether every packet of the match has a VLAN tag. */
    boolean hasTag() {
        return (match.field(Field.VLAN_TCI).low() & Match.VLAN_PRESENT) != 0;
    }

    private static Set<String> knownNames() {
        Set<String> known = new TreeSet<>(Protocols.names());
        known.addAll(FieldNames.all());
        return Collections.unmodifiableSet(known);
    }

    private void readThose(int order) throws FlowTextException {
        for (Waiting field : waiting) {
            if (field.field.order() == order) {
                read(field.name, field.value, field.field);
            }
        }
    }

    private void read(Word name, Word value, FieldName found) throws FlowTextException {
        if (name.text().indexOf('[') >= 0) {
            readPiece(name, value);
            return;
        }
        switch (found.kind()) {
            case VLAN_ID -> vlan(name, value);
            case TYPE_OF_SERVICE -> {
                int tos = value.number(0xff);
                if ((tos & 3) != 0) {
                    throw value.expected("a type of service whose two low bits are 0 (they are nw_ecn)");
                }
                set(name, Field.IP_DSCP, MaskedValue.exact(Field.IP_DSCP, tos >> 2));
            }
            case PLAIN -> {
                Field field = found.field(match::allows);
                MaskedValue read = FieldNotation.read(field, value);
                if (!value.is("*")) {
                    set(name, field, read);
                }
            }
        }
    }

    private void readPiece(Word name, Word value) throws FlowTextException {
        FieldRange range = RangeNotation.read(name, match::allows);
        Field field = range.field();
        if (field == Field.IN_PORT && range.equals(new FieldRange(field, 0, FieldNames.oxmWidthBits(field)))) {
            set(name, field, FieldNotation.read(field, value));
            return;
        }
        MaskedValue read = RangeNotation.placed(range, value);
        Piece before = pieces.get(field);
        if (before != null) {
            MaskedValue there = before.value;
            if ((there.maskHigh() & read.maskHigh() | there.maskLow() & read.maskLow()) != 0) {
                throw name.error(field.text() + ": a bit is in the match twice");
            }
            read = new MaskedValue(
                    there.high() | read.high(),
                    there.low() | read.low(),
                    there.maskHigh() | read.maskHigh(),
                    there.maskLow() | read.maskLow());
        }
        pieces.put(field, new Piece(name, read));
    }

    private void vlan(Word name, Word value) throws FlowTextException {
        if (value.is("*")) {
            return;
        }
        int id = value.number(NO_VLAN);
        if (id == NO_VLAN) {
            set(name, Field.VLAN_VID, MaskedValue.exact(Field.VLAN_VID, 0));
        } else if (id <= MAX_VLAN_ID) {
            set(name, Field.VLAN_VID, MaskedValue.exact(Field.VLAN_VID, id | Match.VLAN_PRESENT));
        } else {
            throw value.expected("a VLAN id from 0 to 4095, or 0xffff for no tag,");
        }
    }

    private void set(Word where, Field field, MaskedValue value) throws FlowTextException {
        boolean saysWhatIsThere = field == Field.ETH_TYPE || field == Field.IP_PROTO;
        if (saysWhatIsThere && match.has(field) && match.field(field).equals(value)) {
            return;
        }
        places.put(field, where);
        try {
            match.set(field, value);
        } catch (MatchException e) {
            throw where.error(e.getMessage());
        }
    }

    /** A priority says that there is a tag to have it. */
    private void addTagForPriority() {
        if (match.has(Field.VLAN_PCP) && !match.has(Field.VLAN_VID) && !match.has(Field.VLAN_TCI)) {
            match.set(Field.VLAN_VID, Match.VLAN_PRESENT, Match.VLAN_PRESENT);
        }
    }
}
