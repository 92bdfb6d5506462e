// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.group.Group;
import io.makas.flow.group.GroupMod;
import io.makas.flow.table.FlowMod;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import io.makas.flow.text.GroupText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What the plain switch makes of a case.
 *
 * @param isDefined whether OpenFlow and the key say what is to come of each packet
 * @param isLoop whether a packet went round in resubmits until it was cut off
 * @param departed the departures that made a difference
 */
record PlainSide(Outcome outcome, boolean isDefined, boolean isLoop, Set<Departure> departed) {

    /**
     * Runs a case.
     *
     * @param expected what another switch made of it: the entries that it refused are not added, and its results decide between
     *     those that groups of type select leave open
     */
    static PlainSide run(Case given, Outcome expected, Set<Departure> departures) {
        List<String> refused = expected.refusedEntries();
        List<PlainFlow> flows = new ArrayList<>();
        for (String text : given.flows()) {
            if (!refused.contains(text)) {
                flows.add(flow(text));
            }
        }
        List<Integer> ports =
                IntStream.rangeClosed(1, RandomCases.PORTS).boxed().toList();
        List<Group> added = new ArrayList<>();
        for (String text : given.groups()) {
            if (!refused.contains(text)) {
                added.add(group(text));
            }
        }
        PlainGroups groups = new PlainGroups(added, ports);
        PlainSwitch plain = new PlainSwitch(flows, groups, ports, departures);
        List<List<String>> packets = new ArrayList<>();
        boolean isDefined = true;
        boolean isLoop = false;
        for (Case.Packet packet : given.packets()) {
            List<String> wanted = expected.packets().get(packets.size());
            PlainResult result = plain.send(
                    packet.inPort(),
                    packet.frame(),
                    each -> Outcome.packet(each).equals(wanted));
            packets.add(Outcome.packet(result));
            isDefined &= !plain.isAmbiguous() && !plain.isBeyondKey();
            isLoop |= plain.isTooLong();
        }
        Map<String, String> counters = new TreeMap<>();
        for (PlainFlow flow : flows) {
            counters.put("flow " + flow.cookie(), flow.packets + " packets, " + flow.bytes + " bytes");
        }
        groups.counters().forEach((id, values) -> counters.put("group " + id, Arrays.toString(values)));
        return new PlainSide(
                new Outcome(expected.refused(), packets, counters), isDefined, isLoop, Set.copyOf(plain.departed()));
    }

    private static Group group(String text) {
        try {
            return ((GroupMod.Add) GroupText.parse(text)).group();
        } catch (FlowTextException e) {
            throw new AssertionError(text, e);
        }
    }

    private static PlainFlow flow(String text) {
        try {
            FlowMod.Add add = (FlowMod.Add) FlowText.parse(text);
            return new PlainFlow(add.table(), add.priority(), add.match(), add.instructions(), add.cookie());
        } catch (FlowTextException e) {
            throw new AssertionError(text, e);
        }
    }
}
