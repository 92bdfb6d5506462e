// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

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

    /** How the list of actions at hand goes on. */
    private enum Next {
        GO_ON,
        /** The list ends, and what it is part of goes on. */
        END_OF_LIST,
        /** All lists end; the action set is executed. */
        EXIT,
        /** The packet, or the copy of it, is dropped. */
        STOP
    }

    private final List<PlainFlow> flows;
    private final Set<Departure> departures;
    private final Set<Departure> departed = EnumSet.noneOf(Departure.class);
    private final PlainOutputs outputs;
    private final PlainGroups groups;

    // Of the packet at hand, or of the copy at hand.
    private PlainFrame frame;
    private PlainActionSet actionSet;
    private List<BigInteger> stack;

    private int receivedBytes;
    private int inPort;
    private int lookupPort;
    private List<Integer> tables;
    private List<PlainFlow> met;
    private int depth;
    private boolean isAmbiguous;
    private boolean isBeyondKey;
    private boolean isTooLong;

    /** Clones that the walk is inside of. */
    private int clones;

    /**
     * Makes a switch.
     *
     * @param departures in which respects it is to do what Open vSwitch does
     */
    PlainSwitch(Collection<PlainFlow> flows, PlainGroups groups, Collection<Integer> ports, Set<Departure> departures) {
        this.flows = List.copyOf(flows);
        this.groups = groups;
        this.departures = departures;
        this.outputs = new PlainOutputs(List.copyOf(ports), this::departs);
    }

    /**
     * Carries a frame of at least 14 bytes through the switch.
     *
     * @param isExpected whether a result is the one that is looked for among those that groups of type select could have; the last
     *     one is the result if none is
     */
    PlainResult send(int port, byte[] bytes, Predicate<PlainResult> isExpected) {
        isAmbiguous = false;
        isBeyondKey = false;
        isTooLong = false;
        clones = 0;
        groups.beginPacket();
        PlainResult result = pass(port, bytes);
        while (!isExpected.test(result) && groups.chooseOtherwise()) {
            result = pass(port, bytes);
        }
        for (PlainFlow flow : met) {
            flow.packets++;
            flow.bytes += bytes.length;
        }
        groups.credit(bytes.length);
        return result;
    }

    private PlainResult pass(int port, byte[] bytes) {
        groups.beginPass();
        frame = new PlainFrame(bytes, port, departures.contains(Departure.TCP_LENGTH_IS_CHECKED));
        inPort = port;
        receivedBytes = bytes.length;
        lookupPort = port;
        actionSet = new PlainActionSet();
        stack = new ArrayList<>();
        tables = new ArrayList<>();
        met = new ArrayList<>();
        depth = 0;
        outputs.begin(port);
        noteDepth();
        try {
            Next next = walk(0, true);
            finish(next, met.isEmpty() ? null : met.getFirst());
        } catch (TooLong e) {
            isTooLong = true;
            outputs.begin(port);
        }
        return outputs.result(tables);
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

    private Next walk(int first, boolean isOutermost) {
        int table = first;
        while (table != Instructions.NO_TABLE) {
            if (tables.size() == MAX_LOOKUPS) {
                throw new TooLong();
            }
            PlainFlow flow = find(table);
            if (flow == null) {
                // A resubmit that finds nothing does nothing; a packet that finds nothing is dropped.
                return isOutermost && !departs(Departure.ACTION_SET_AFTER_MISS) ? Next.STOP : Next.GO_ON;
            }
            Instructions instructions = flow.instructions;
            Next next = execute(instructions.apply(), flow, false);
            if (next != Next.GO_ON) {
                return next == Next.END_OF_LIST ? Next.GO_ON : next;
            }
            if (instructions.clear()) {
                actionSet.clear();
            }
            actionSet.write(instructions.write());
            frame.set(Field.METADATA, MaskedValue.masked(instructions.metadata(), instructions.metadataMask()));
            table = instructions.gotoTable();
        }
        return Next.GO_ON;
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

    /**
     * Executes the action set, unless the packet or the copy was dropped.
     *
     * @param first the flow that Open vSwitch tells the controllers of
     */
    private void finish(Next next, PlainFlow first) {
        List<Action> actions = actionSet.inOrder();
        actionSet.clear();
        boolean isSkipped = next == Next.EXIT && departs(Departure.EXIT_SKIPS_ACTION_SET);
        if (next != Next.STOP && !isSkipped && !actions.isEmpty()) {
            PlainFlow of = departs(Departure.ACTION_SET_IS_OF_FIRST_FLOW) ? first : met.getLast();
            execute(actions, nobodys(of), true);
        }
    }

    private Next execute(List<Action> actions, PlainFlow flow, boolean inSet) {
        for (Action action : actions) {
            Next next = execute(action, flow, inSet);
            noteDepth();
            if (next != Next.GO_ON) {
                return next;
            }
        }
        return Next.GO_ON;
    }

    private Next execute(Action action, PlainFlow flow, boolean inSet) {
        switch (action) {
            case Action.Output _, Action.OutputReserved _, Action.OutputTruncated _, Action.OutputField _ -> {
                // Open vSwitch cuts the packet first, and makes it longer or shorter then.
                boolean isChanged = frame.length() != receivedBytes;
                isBeyondKey |= isChanged && !departures.isEmpty() && action instanceof Action.OutputTruncated;
                outputs.output(action, frame);
            }
            case Action.Controller controller -> {
                boolean isMiss = flow.isMiss() && !inSet;
                String reason =
                        controller.reason() != null ? controller.reason().text() : isMiss ? "no_match" : "action";
                outputs.packetIn(reason, flow, frame, controller.maxBytes());
            }
            case Action.DecTtl _ -> {
                return has(Prerequisite.IP) ? decrement(Field.IP_TTL, flow) : Next.GO_ON;
            }
            case Action.DecMplsTtl _ -> {
                return has(Prerequisite.MPLS) ? decrement(Field.MPLS_TTL, flow) : Next.GO_ON;
            }
            case Action.Resubmit(int port, int table) -> {
                Next next = resubmit(port, table == Action.Resubmit.SAME_TABLE ? flow.table : table);
                return next;
            }
            case Action.Clone(List<Action> actions) -> {
                Next next = onCopy(actions, flow, true);
                return next == Next.EXIT && departs(Departure.EXIT_LEAVES_CLONE) ? Next.EXIT : Next.GO_ON;
            }
            case Action.Group(int id) -> handToGroup(id, flow);
            case Action.Exit _ -> {
                return Next.EXIT;
            }
            case Action.Push(var from) -> stack.add(frame.get(from));
            case Action.Pop(var to) -> {
                if (!stack.isEmpty()) {
                    set(to.field(), PlainFrame.masked(to, stack.removeLast()));
                }
            }
            case Action.SetField(Field field, MaskedValue value) -> set(field, value);
            case Action.Move move -> {
                if (has(move.from().field().setPrerequisite())) {
                    set(move.to().field(), PlainFrame.masked(move.to(), frame.get(move.from())));
                }
            }
            case Action.PushVlan _, Action.PopVlan _, Action.PushMpls _, Action.PopMpls _ -> {
                // Where an MPLS stack lies in an 802.3 frame, nobody says.
                isBeyondKey |= frame.isSnap();
                // Open vSwitch takes what lies behind the last label for an empty one.
                isBeyondKey |= !departures.isEmpty() && PlainHeaders.popsBehindBottom(frame, action);
                PlainHeaders.change(frame, action, this::departs);
            }
            case Action.SetQueue _, Action.PopQueue _, Action.Note _, Action.Conjunction _, Action.Sample _ -> {
                // Nothing that can be seen here.
            }
            default -> throw new UnsupportedOperationException(action.toString());
        }
        return Next.GO_ON;
    }

    private void handToGroup(int id, PlainFlow flow) {
        // Open vSwitch 3.1 interrupts its walk to choose a bucket; in a clone it then forgets what comes behind.
        isBeyondKey |= !departures.isEmpty() && clones > 0 && groups.isSelect(id);
        for (List<Action> bucket : groups.buckets(id, this::departs)) {
            PlainActionSet set = new PlainActionSet();
            set.write(bucket);
            onCopy(set.inOrder(), nobodys(flow), false);
        }
    }

    /** The flow as packet-ins of an action set or a bucket tell it: its table, and that the cookie is no single flow's. */
    private PlainFlow nobodys(PlainFlow flow) {
        return departs(Departure.ACTION_SET_HAS_COOKIE) ? flow : flow.withoutCookie();
    }

    /** Executes actions on a copy of the packet, which has an action set of its own. */
    private Next onCopy(List<Action> actions, PlainFlow flow, boolean isClone) {
        if (depth == MAX_DEPTH) {
            throw new TooLong();
        }
        depth++;
        clones += isClone ? 1 : 0;
        PlainFrame outerFrame = frame;
        PlainActionSet outerSet = actionSet;
        List<BigInteger> outerStack = stack;
        frame = frame.copy();
        actionSet = new PlainActionSet();
        stack = new ArrayList<>(outerStack);
        if (isClone && departs(Departure.CLONE_EXECUTES_ACTION_SET)) {
            actionSet.write(outerSet.actions());
        }
        Next next = execute(actions, flow, !isClone);
        finish(next, flow);
        frame = outerFrame;
        actionSet = outerSet;
        stack = outerStack;
        clones -= isClone ? 1 : 0;
        depth--;
        return next;
    }

    private void set(Field field, MaskedValue value) {
        boolean needsTag = field == Field.VLAN_VID && frame.get(Field.VLAN_TCI) == 0;
        if (needsTag && departs(Departure.SET_VLAN_ID_PUSHES)) {
            frame.pushVlan(0x8100, 0);
            needsTag = false;
        }
        if (!needsTag && has(field.prerequisite())) {
            boolean isMoreThanFragment = frame.isLaterFragment() && PlainHeaders.isTransportOrAddress(field);
            isBeyondKey |= isMoreThanFragment && departs(Departure.LATER_FRAGMENTS_ARE_REWRITTEN);
            boolean isAddress = field == Field.IPV6_SRC || field == Field.IPV6_DST;
            isBeyondKey |= isAddress && frame.hasFragmentHeader() && departs(Departure.FRAGMENT_HEADER_STOPS_MENDING);
            frame.set(field, value);
        }
    }

    private Next decrement(Field field, PlainFlow flow) {
        long ttl = frame.get(field);
        if (ttl > 1) {
            frame.set(field, MaskedValue.exact(field, ttl - 1));
            return Next.GO_ON;
        }
        outputs.packetIn("invalid_ttl", flow, frame, Action.Controller.WHOLE_PACKET);
        return departs(Departure.EXPIRED_TTL_ENDS_ONE_LIST) ? Next.END_OF_LIST : Next.STOP;
    }

    private Next resubmit(int port, int table) {
        if (depth == MAX_DEPTH) {
            throw new TooLong();
        }
        depth++;
        // The first look-up is made with the other port; what is found there goes on with the packet's own.
        lookupPort = port == 0 ? inPort : port;
        Next next = walk(table, false);
        depth--;
        return next;
    }

    private boolean departs(Departure departure) {
        if (!departures.contains(departure)) {
            return false;
        }
        departed.add(departure);
        return true;
    }

    private boolean has(Prerequisite prerequisite) {
        return frame.has(prerequisite);
    }

    private void noteDepth() {
        int type = (int) frame.get(Field.ETH_TYPE);
        isBeyondKey |= type == 0x8100 || type == 0x88a8 || frame.labelCount() > 3;
    }
}
