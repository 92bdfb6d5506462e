// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The semantics of OpenFlow a second time, as plainly as they can be said, on the bytes of packets: no masks, no programs, no
 * caches, every flow tried, every action carried out on the frame at once. What the switch does is compared with this.
 *
 * <p>A table must not have two flows of the same priority for one packet; {@link #isAmbiguous} says whether it had. What lies
 * behind two tags, or three MPLS labels, is not seen by the switch; {@link #isBeyondKey} says whether a packet had that.
 */
final class PlainSwitch {

    private static final int MAX_LOOKUPS = 4_096;
    private static final int MAX_DEPTH = 64;

    /** The walk was cut off, so nothing is sent. */
    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final List<PlainFlow> flows;
    private final List<Integer> ports;
    private final Set<Departure> departures;
    private final Set<Departure> departed = EnumSet.noneOf(Departure.class);

    // Of the packet at hand.
    private PlainFrame frame;
    private int receivedBytes;
    private int inPort;
    private int lookupPort;
    private Map<String, Action> actionSet;
    private List<PlainResult.Output> outputs;
    private List<PlainResult.PacketIn> packetIns;
    private List<Integer> tables;
    private List<PlainFlow> met;
    private int depth;
    private boolean isStopped;
    private boolean isAmbiguous;
    private boolean isBeyondKey;
    private boolean isTooLong;

    /**
     * Makes a switch.
     *
     * @param departures in which respects it is to do what Open vSwitch does
     */
    PlainSwitch(Collection<PlainFlow> flows, Collection<Integer> ports, Set<Departure> departures) {
        this.flows = List.copyOf(flows);
        this.ports = List.copyOf(ports);
        this.departures = departures;
    }

    /** Carries a frame of at least 14 bytes through the switch. */
    PlainResult send(int port, byte[] bytes) {
        frame = new PlainFrame(bytes, port, departs(Departure.TCP_LENGTH_IS_CHECKED));
        receivedBytes = bytes.length;
        inPort = port;
        lookupPort = port;
        actionSet = new LinkedHashMap<>();
        outputs = new ArrayList<>();
        packetIns = new ArrayList<>();
        tables = new ArrayList<>();
        met = new ArrayList<>();
        depth = 0;
        isStopped = false;
        isAmbiguous = false;
        isBeyondKey = false;
        isTooLong = false;
        noteDepth();
        try {
            walk(0);
            if (!isStopped) {
                executeActionSet();
            }
        } catch (TooLong e) {
            isTooLong = true;
            outputs.clear();
            packetIns.clear();
        }
        for (PlainFlow flow : met) {
            flow.packets++;
            flow.bytes += receivedBytes;
        }
        return new PlainResult(outputs, packetIns, tables);
    }

    /** Whether the last packet met two flows of the same priority. */
    boolean isAmbiguous() {
        return isAmbiguous;
    }

    /** Whether the last packet had, at some time, more tags or labels than a key has room for. */
    boolean isBeyondKey() {
        return isBeyondKey;
    }

    /** Whether the last packet's walk was cut off. */
    boolean isTooLong() {
        return isTooLong;
    }

    /** The departures that made a difference so far. */
    Set<Departure> departed() {
        return departed;
    }

    private void walk(int first) {
        int table = first;
        while (table != Instructions.NO_TABLE) {
            if (tables.size() == MAX_LOOKUPS) {
                throw new TooLong();
            }
            PlainFlow flow = find(table);
            if (flow == null) {
                // A resubmit that finds nothing does nothing; a packet that finds nothing is dropped.
                if (depth == 0 && !departs(Departure.ACTION_SET_AFTER_MISS)) {
                    isStopped = true;
                }
                return;
            }
            table = follow(flow);
        }
    }

    private PlainFlow find(int table) {
        tables.add(table);
        frame.enterBy(lookupPort);
        long[] key = frame.key();
        frame.enterBy(inPort);
        lookupPort = inPort;
        PlainFlow best = null;
        for (PlainFlow flow : flows) {
            if (flow.table == table && flow.matches(key)) {
                isAmbiguous |= best != null && best.priority == flow.priority;
                best = best == null || flow.priority > best.priority ? flow : best;
            }
        }
        if (best != null) {
            met.add(best);
        }
        return best;
    }

    /** Does what a flow asks for; answers the table to go on with. */
    private int follow(PlainFlow flow) {
        Instructions instructions = flow.instructions;
        if (!execute(instructions.apply(), flow) || isStopped) {
            return Instructions.NO_TABLE;
        }
        if (instructions.clear()) {
            actionSet.clear();
        }
        instructions.write().forEach(this::write);
        frame.set(Field.METADATA, MaskedValue.masked(instructions.metadata(), instructions.metadataMask()));
        return instructions.gotoTable();
    }

    /** Puts an action into the action set. What a later set-field leaves alone of its field, an earlier one may have set. */
    private void write(Action action) {
        String type = type(action);
        Action earlier = actionSet.remove(type);
        if (earlier instanceof Action.SetField(Field field, MaskedValue old)
                && action instanceof Action.SetField(Field _, MaskedValue now)) {
            actionSet.put(type, new Action.SetField(field, old.overlaidBy(now)));
        } else {
            actionSet.put(type, action);
        }
    }

    /** Executes a list; false if it ended before its end. */
    private boolean execute(List<Action> actions, PlainFlow flow) {
        for (Action action : actions) {
            if (!execute(action, flow, false)) {
                return false;
            }
            if (isStopped) {
                return false;
            }
        }
        return true;
    }

    private void executeActionSet() {
        if (!actionSet.containsKey("output") && !actionSet.containsKey("group")) {
            return;
        }
        if (actionSet.containsKey("group")) {
            actionSet.remove("output");
        }
        PlainFlow last = met.getLast();
        for (String type : List.of("pop", "push", "ttl", "set", "group", "output")) {
            for (Map.Entry<String, Action> each : actionSet.entrySet()) {
                if (each.getKey().startsWith(type) && (isStopped || !execute(each.getValue(), last, true))) {
                    return;
                }
            }
        }
    }

    /** Executes an action; false if the list that it is in ends with it. */
    private boolean execute(Action action, PlainFlow flow, boolean inSet) {
        switch (action) {
            case Action.Output(int port) -> outputUnlessBack(port);
            case Action.OutputReserved(ReservedPort port) -> outputReserved(port);
            case Action.Controller controller -> {
                boolean isMiss = flow.isMiss() && !inSet;
                boolean isOfFirst = inSet && departs(Departure.ACTION_SET_IS_OF_FIRST_FLOW);
                packetIn(isMiss ? "no_match" : "action", isOfFirst ? met.getFirst() : flow, controller.maxBytes());
            }
            case Action.SetField(Field field, MaskedValue value) -> {
                boolean needsTag = field == Field.VLAN_VID && frame.get(Field.VLAN_TCI) == 0;
                if (needsTag && departs(Departure.SET_VLAN_ID_PUSHES)) {
                    frame.pushVlan(0x8100, 0);
                    needsTag = false;
                }
                if (!needsTag && has(field.prerequisite())) {
                    frame.set(field, value);
                }
            }
            case Action.PushVlan(int tpid) -> {
                int outer = (int) frame.get(Field.VLAN_TCI) & ~Match.VLAN_PRESENT;
                frame.pushVlan(tpid, outer != 0 && departs(Departure.PUSHED_TAG_IS_EMPTY) ? 0 : outer);
            }
            case Action.PopVlan _ -> {
                if (has(Prerequisite.VLAN)) {
                    frame.popVlan();
                }
            }
            case Action.DecTtl _ -> {
                if (has(Prerequisite.IP)) {
                    return decrementTtl(flow);
                }
            }
            case Action.Resubmit(int port, int table) ->
                resubmit(port, table == Action.Resubmit.SAME_TABLE ? flow.table : table);
            default -> throw new UnsupportedOperationException(action.toString());
        }
        noteDepth();
        return true;
    }

    private boolean decrementTtl(PlainFlow flow) {
        long ttl = frame.get(Field.IP_TTL);
        if (ttl > 1) {
            frame.set(Field.IP_TTL, MaskedValue.exact(Field.IP_TTL, ttl - 1));
            return true;
        }
        if (!departs(Departure.EXPIRED_TTL_IS_NOT_TOLD)) {
            packetIn("invalid_ttl", flow, 0xffff);
        }
        if (!departs(Departure.EXPIRED_TTL_ENDS_ONE_LIST)) {
            isStopped = true;
        }
        return false;
    }

    private void resubmit(int port, int table) {
        if (depth == MAX_DEPTH) {
            throw new TooLong();
        }
        depth++;
        // The first look-up is made with the other port; what is found there goes on with the packet's own.
        lookupPort = port == 0 ? inPort : port;
        walk(table);
        depth--;
    }

    private void outputReserved(ReservedPort port) {
        switch (port) {
            case IN_PORT -> output(inPort);
            case ALL, FLOOD -> ports.stream().filter(each -> each != inPort).forEach(this::output);
            case LOCAL -> outputUnlessBack(port.number());
            case NORMAL -> throw new UnsupportedOperationException("NORMAL learns");
        }
    }

    private void outputUnlessBack(int port) {
        if (port != inPort) {
            output(port);
        }
    }

    private void output(int port) {
        if (ports.contains(port)) {
            outputs.add(new PlainResult.Output(port, frame.bytes()));
        }
    }

    private void packetIn(String reason, PlainFlow flow, int maxBytes) {
        byte[] bytes = frame.bytes();
        int length = maxBytes >= bytes.length || departs(Departure.PACKET_IN_IS_WHOLE) ? bytes.length : maxBytes;
        packetIns.add(
                new PlainResult.PacketIn(reason, flow.table, flow.cookie, Arrays.copyOf(bytes, length), bytes.length));
    }

    private boolean departs(Departure departure) {
        if (!departures.contains(departure)) {
            return false;
        }
        if (departure != Departure.TCP_LENGTH_IS_CHECKED) {
            departed.add(departure);
        }
        return true;
    }

    private boolean has(Prerequisite prerequisite) {
        long[] key = frame.key();
        long[] all = new long[key.length];
        Arrays.fill(all, -1);
        return prerequisite.isMet(key, all);
    }

    private void noteDepth() {
        int type = (int) frame.get(Field.ETH_TYPE);
        isBeyondKey |= type == 0x8100 || type == 0x88a8;
    }

    private static String type(Action action) {
        return switch (action) {
            case Action.PopVlan _ -> "pop";
            case Action.PushVlan _ -> "push";
            case Action.DecTtl _ -> "ttl";
            case Action.SetField set -> "set " + set.field();
            case Action.Output _, Action.OutputReserved _, Action.Controller _ -> "output";
            case Action.Group _ -> "group";
            default -> throw new UnsupportedOperationException(action.toString());
        };
    }
}
