// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import java.util.HashMap;
import java.util.Map;

/** Reads one kind of action. Stateless. */
interface ActionParser {

    /** The parser of each action, by its name in lower case. */
    Map<String, ActionParser> ALL = all();

    /** Adds what an item asks for to a list: usually one action. */
    void read(Item item, ActionList list) throws FlowTextException;

    /** A parser that refuses values. */
    static ActionParser bare(ActionParser parser) {
        return (item, list) -> {
            if (!item.value().isEmpty()) {
                throw item.value().error(item.name().text() + " takes no value");
            }
            parser.read(item, list);
        };
    }

    private static Map<String, ActionParser> all() {
        Map<String, ActionParser> all = new HashMap<>();
        OutputActions.addTo(all);
        FieldActions.addTo(all);
        HeaderActions.addTo(all);
        ChoiceActions.addTo(all);
        OtherActions.addTo(all);
        return Map.copyOf(all);
    }
}
