// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The semantics of OpenFlow again, as plainly as it can be said: no masks, no programs, no versions, every flow tried. What the
 * real pipeline does is compared with this.
 *
 * <p>A table must not have two flows of the same priority for one packet; {@link #isAmbiguous} says whether it had.
 */
final class NaivePipeline {

    /** The walk was cut off, so nothing is sent. */
    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final List<FlowStatistics> flows;
    private final List<Integer> ports;
    private final Map<String, Action> actionSet = new LinkedHashMap<>();
    private final List<String> sent = new ArrayList<>();
    private long[] key;
    private long inPort;
    private int lookups;

    /** The port to look up with next time only, or 0. */
    private int lookupPort;

    private int depth;
    private boolean isStopped;
    private boolean isAmbiguous;

    NaivePipeline(List<FlowStatistics> flows, List<Integer> ports) {
        this.flows = flows;
        this.ports = ports;
    }

    /** What leaves where, as {@link KeyProgram} says it. */
    List<String> send(long[] received) {
        key = received.clone();
        inPort = Field.IN_PORT.in(key);
        try {
            walk(0);
            boolean hasOutput = actionSet.containsKey("output");
            for (String type : List.of("pop", "push", "ttl", "set", "output")) {
                for (Map.Entry<String, Action> each : actionSet.entrySet()) {
                    if (each.getKey().startsWith(type) && !isStopped && hasOutput) {
                        execute(each.getValue(), null);
                    }
                }
            }
        } catch (TooLong e) {
            return List.of();
        }
        return sent;
    }

    /** Whether two flows of the same priority matched. */
    boolean isAmbiguous() {
        return isAmbiguous;
    }

    private void walk(int first) {
        int table = first;
        while (table >= 0 && !isStopped) {
            if (lookups++ == Walk.MAX_LOOKUPS) {
                throw new TooLong();
            }
            FlowStatistics flow = find(table);
            if (flow == null) {
                isStopped = depth == 0;
                return;
            }
            follow(flow);
            table = flow.instructions().gotoTable();
        }
    }

    private FlowStatistics find(int table) {
        FlowStatistics best = null;
        long[] packet = key.clone();
        if (lookupPort != 0) {
            MaskedValue.exact(Field.IN_PORT, lookupPort).putInto(Field.IN_PORT, packet);
            lookupPort = 0;
        }
        for (FlowStatistics flow : flows) {
            if (flow.table() == table && flow.match().matches(packet)) {
                isAmbiguous |= best != null && best.priority() == flow.priority();
                if (best == null || flow.priority() > best.priority()) {
                    best = flow;
                    // Flows come by falling priority, but look at the rest for ambiguity.
                }
            }
        }
        return best;
    }

    private void follow(FlowStatistics flow) {
        Instructions instructions = flow.instructions();
        for (Action action : instructions.apply()) {
            if (isStopped) {
                return;
            }
            execute(action, flow);
        }
        if (isStopped) {
            return;
        }
        if (instructions.clear()) {
            actionSet.clear();
        }
        for (Action action : instructions.write()) {
            String type = type(action);
            actionSet.remove(type);
            actionSet.put(type, action);
        }
        set(Field.METADATA, MaskedValue.masked(instructions.metadata(), instructions.metadataMask()));
    }

    private void execute(Action action, FlowStatistics flow) {
        switch (action) {
            case Action.Output(int port) -> {
                if (port != inPort) {
                    output(port);
                }
            }
            case Action.OutputReserved reserved -> {
                switch (reserved.port()) {
                    case IN_PORT -> output((int) inPort);
                    default -> ports.stream().filter(port -> port != inPort).forEach(this::output);
                }
            }
            case Action.Controller controller -> {
                boolean isMiss =
                        flow != null && flow.priority() == 0 && flow.match().isAny();
                sent.add(KeyProgram.sent("controller " + controller.maxBytes() + " reason " + (isMiss ? 0 : 1), key));
            }
            case Action.SetField(Field field, MaskedValue value) -> {
                if (has(field == Field.VLAN_VID ? Prerequisite.VLAN : field.prerequisite())) {
                    set(field, field == Field.VLAN_VID ? MaskedValue.masked(value.low() & 0xfff, 0xfff) : value);
                }
            }
            case Action.PushVlan push -> KeyProgram.push(key, (int) Field.VLAN_TCI.in(key) & ~Match.VLAN_PRESENT);
            case Action.PopVlan pop -> {
                if (has(Prerequisite.VLAN)) {
                    KeyProgram.pop(key);
                }
            }
            case Action.DecTtl dec -> {
                if (has(Prerequisite.IP)) {
                    isStopped = Field.IP_TTL.in(key) <= 1;
                    key[Field.IP_TTL.word()] -= isStopped ? 0 : 1;
                    if (isStopped) {
                        sent.add(KeyProgram.sent("controller 65535 reason 2", key));
                    }
                }
            }
            case Action.Resubmit(int port, int table) -> resubmit(port, table);
            // Actions that random flows of this kind do not have; the plain switch of the replay tests has them all.
            case Action other -> throw new AssertionError(other);
        }
    }

    private void resubmit(int port, int table) {
        if (depth == Walk.MAX_DEPTH) {
            throw new TooLong();
        }
        depth++;
        lookupPort = port;
        walk(table);
        depth--;
    }

    private void output(int port) {
        if (ports.contains(port)) {
            sent.add(KeyProgram.sent("port " + port, key));
        }
    }

    private void set(Field field, MaskedValue value) {
        value.putInto(field, key);
    }

    private boolean has(Prerequisite prerequisite) {
        long[] all = new long[key.length];
        Arrays.fill(all, -1);
        return prerequisite.isMet(key, all);
    }

    private static String type(Action action) {
        return switch (action) {
            case Action.PopVlan pop -> "pop";
            case Action.PushVlan push -> "push";
            case Action.DecTtl dec -> "ttl";
            case Action.SetField set -> "set " + set.field();
            case Action.Output output -> "output";
            case Action.OutputReserved output -> "output";
            case Action.Controller output -> "output";
            case Action.Resubmit resubmit -> throw new AssertionError();
            case Action.OutputField _ -> throw new AssertionError(action);
            case Action.OutputTruncated _ -> throw new AssertionError(action);
            case Action.Move _ -> throw new AssertionError(action);
            case Action.Push _ -> throw new AssertionError(action);
            case Action.Pop _ -> throw new AssertionError(action);
            case Action.PushMpls _ -> throw new AssertionError(action);
            case Action.PopMpls _ -> throw new AssertionError(action);
            case Action.DecMplsTtl _ -> throw new AssertionError(action);
            case Action.CopyTtlOut _ -> throw new AssertionError(action);
            case Action.CopyTtlIn _ -> throw new AssertionError(action);
            case Action.SetQueue _ -> throw new AssertionError(action);
            case Action.PopQueue _ -> throw new AssertionError(action);
            case Action.Group _ -> throw new AssertionError(action);
            case Action.Clone _ -> throw new AssertionError(action);
            case Action.Learn _ -> throw new AssertionError(action);
            case Action.FinTimeout _ -> throw new AssertionError(action);
            case Action.Note _ -> throw new AssertionError(action);
            case Action.Exit _ -> throw new AssertionError(action);
            case Action.Sample _ -> throw new AssertionError(action);
            case Action.CheckPacketLarger _ -> throw new AssertionError(action);
            case Action.Conjunction _ -> throw new AssertionError(action);
            case Action.Multipath _ -> throw new AssertionError(action);
            case Action.Bundle _ -> throw new AssertionError(action);
        };
    }
}
