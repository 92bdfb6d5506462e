// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import java.util.Map;

/** Reads the actions that push and pop headers, and those on their TTLs. Stateless. */
final class HeaderActions {

    private static final int MAX_16_BITS = 0xffff;

    private HeaderActions() {}

    static void addTo(Map<String, ActionParser> all) {
        all.put(
                "push_vlan",
                (item, list) -> list.add(new Action.PushVlan(item.value().number(MAX_16_BITS))));
        all.put("pop_vlan", ActionParser.bare((item, list) -> list.add(new Action.PopVlan())));
        all.put("strip_vlan", ActionParser.bare((item, list) -> list.add(new Action.PopVlan())));
        all.put(
                "push_mpls",
                (item, list) -> list.add(new Action.PushMpls(item.value().number(MAX_16_BITS))));
        all.put(
                "pop_mpls",
                (item, list) -> list.add(new Action.PopMpls(item.value().number(MAX_16_BITS))));
        all.put("dec_ttl", HeaderActions::decTtl);
        all.put("dec_mpls_ttl", ActionParser.bare((item, list) -> list.add(new Action.DecMplsTtl())));
        all.put("copy_ttl_out", ActionParser.bare((item, list) -> list.add(new Action.CopyTtlOut())));
        all.put("copy_ttl_in", ActionParser.bare((item, list) -> list.add(new Action.CopyTtlIn())));
    }

    /** {@code dec_ttl} or {@code dec_ttl(ID,…)}: which controllers are told makes no difference, all are. */
    private static void decTtl(Item item, ActionList list) throws FlowTextException {
        for (Item id : Item.listOf(item.value())) {
            id.name().number(MAX_16_BITS);
        }
        list.add(new Action.DecTtl());
    }
}
