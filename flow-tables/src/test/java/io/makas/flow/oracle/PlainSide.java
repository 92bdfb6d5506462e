// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.table.FlowMod;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
     * @param refused entries that are not to be added, with the reason behind them
     */
    static PlainSide run(Case given, Set<String> refused, Set<Departure> departures) {
        List<PlainFlow> flows = new ArrayList<>();
        for (String text : given.flows()) {
            if (refused.stream().noneMatch(refusal -> refusal.startsWith(text + "  ("))) {
                flows.add(flow(text));
            }
        }
        List<Integer> ports =
                IntStream.rangeClosed(1, RandomCases.PORTS).boxed().toList();
        PlainSwitch plain = new PlainSwitch(flows, ports, departures);
        List<List<String>> packets = new ArrayList<>();
        boolean isDefined = true;
        boolean isLoop = false;
        for (Case.Packet packet : given.packets()) {
            PlainResult result = plain.send(packet.inPort(), packet.frame());
            packets.add(Outcome.packet(result));
            isDefined &= !plain.isAmbiguous() && !plain.isBeyondKey();
            isLoop |= plain.isTooLong();
        }
        Map<String, String> counters = new TreeMap<>();
        for (PlainFlow flow : flows) {
            counters.put("flow " + flow.cookie(), flow.packets + " packets, " + flow.bytes + " bytes");
        }
        return new PlainSide(
                new Outcome(new TreeSet<>(refused), packets, counters),
                isDefined,
                isLoop,
                Set.copyOf(plain.departed()));
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
