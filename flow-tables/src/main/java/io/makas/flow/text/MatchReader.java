// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

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
 * Reads the fields of a match: short words for protocols and {@code name=value} items, in any order. What says which headers
 * there are is taken first, because it decides what other names mean. For one match.
 */
final class MatchReader {

    /** All words that an item may begin with. */
    static final Set<String> KNOWN_NAMES = knownNames();

    private static final int NO_VLAN = 0xffff;
    private static final int MAX_VLAN_ID = 4095;

    private final Match.Builder match = Match.builder();
    private final List<Word> names = new ArrayList<>();
    private final List<Word> values = new ArrayList<>();
    private final Map<Field, Word> places = new EnumMap<>(Field.class);

    /** Takes an item: a short word if the value is null. */
    void add(Word name, Word value) throws FlowTextException {
        if (value != null) {
            names.add(name);
            values.add(value);
            return;
        }
        Protocols.Shorthand shorthand = Protocols.named(name.text());
        if (shorthand == null) {
            if (isFieldName(name.text())) {
                throw name.error("'" + name.text() + "' needs a value: " + name.text() + "=…");
            }
            throw name.unknown("field", KNOWN_NAMES);
        }
        set(name, Field.ETH_TYPE, MaskedValue.exact(Field.ETH_TYPE, shorthand.ethType()));
        if (shorthand.ipProto() != Protocols.ANY_PROTO) {
            set(name, Field.IP_PROTO, MaskedValue.exact(Field.IP_PROTO, shorthand.ipProto()));
        }
    }

    /** The match of all items. */
    Match match() throws FlowTextException {
        // Ethernet type, then IP protocol, then ICMPv6 type, then the rest.
        take("dl_type", "eth_type");
        take("nw_proto", "ip_proto");
        take("icmpv6_type", "icmp_type");
        for (int i = 0; i < names.size(); i++) {
            read(names.get(i), values.get(i));
        }
        addTagForPriority();
        try {
            return match.build();
        } catch (MatchException e) {
            throw places.get(e.field()).error(e.getMessage());
        }
    }

    /** Whether the match read so far has what a field needs. */
    boolean allows(Field field) {
        return match.allows(field);
    }

    private static Set<String> knownNames() {
        Set<String> known = new TreeSet<>(Protocols.names());
        FieldNames.all().forEach(known::add);
        known.addAll(List.of("dl_vlan", "nw_tos"));
        return Collections.unmodifiableSet(known);
    }

    private static boolean isFieldName(String name) {
        return FieldNames.find(name, field -> true) != null || name.equals("dl_vlan") || name.equals("nw_tos");
    }

    private void take(String... wanted) throws FlowTextException {
        for (int i = 0; i < names.size(); i++) {
            if (List.of(wanted).contains(names.get(i).text())) {
                read(names.get(i), values.get(i));
                names.set(i, names.get(i).part(0, 0));
            }
        }
    }

    private void read(Word name, Word value) throws FlowTextException {
        switch (name.text()) {
            case "" -> {
                // Taken before.
            }
            case "dl_vlan" -> vlan(name, value);
            case "nw_tos" -> {
                int tos = value.number(0xff);
                if ((tos & 3) != 0) {
                    throw value.expected("a type of service whose two low bits are 0 (they are nw_ecn)");
                }
                set(name, Field.IP_DSCP, MaskedValue.exact(Field.IP_DSCP, tos >> 2));
            }
            default -> {
                Field field = FieldNames.find(name.text(), match::allows);
                if (field == null) {
                    throw name.unknown("field", KNOWN_NAMES);
                }
                set(name, field, FieldNotation.read(field, value));
            }
        }
    }

    private void vlan(Word name, Word value) throws FlowTextException {
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
