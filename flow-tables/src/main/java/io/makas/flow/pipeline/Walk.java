// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.FlowTables;
import java.util.Arrays;
import java.util.List;

/**
 * One packet's way through the tables, and the megaflow that comes of it.
 *
 * <p>Works on a copy of the key that changes as the actions change the packet. The mask collects the bits of the
 * <em>received</em> key on which the walk has depended: those that look-ups consult and actions read, but for those that an
 * action had overwritten before, which are the same for every packet that came this far. Words that the pipeline itself
 * starts with zero are the same for every packet, too.
 *
 * <p>For one walk, on one thread.
 */
final class Walk {

    /** Tables that a walk may look up; more is a loop of resubmits. */
    static final int MAX_LOOKUPS = 4_096;

    /** Resubmits within resubmits. */
    static final int MAX_DEPTH = 64;

    // ofp_packet_in_reason, openflow.h
    private static final int REASON_NO_MATCH = 0;
    private static final int REASON_ACTION = 1;

    private static final long[] ALL_BITS = allBits();

    private final FlowTables tables;
    private final long version;
    private final Ports ports;
    private final WalkObserver observer;
    private final int inPort;

    /** The packet as it is now. The caller's own array until an action changes something. */
    private long[] key;

    /** The bits that actions have overwritten; null while {@code key} is the caller's. */
    private long[] overwritten;

    /** What a look-up consulted, when that must be told apart from what is in the mask already. */
    private long[] consulted;

    private final long[] mask = new long[KeyLayout.WORDS];
    private final ProgramWriter program = new ProgramWriter();
    private ActionSet actionSet;

    private FlowEntry[] entries = new FlowEntry[4];
    private int entryCount;
    private int[] tableIds = new int[4];
    private int tableCount;

    private int depth;
    private boolean isStopped;
    private DropReason dropReason;

    /**
     * Prepares a walk.
     *
     * @param received the packet's key; not changed
     * @param observer is told what happens; may be null
     */
    Walk(FlowTables tables, long version, Ports ports, long[] received, WalkObserver observer) {
        this.tables = tables;
        this.version = version;
        this.ports = ports;
        this.observer = observer;
        this.key = received;
        this.inPort = (int) Field.IN_PORT.in(received);
    }

    /** Walks from table 0 to the end. */
    Translation translate() {
        // Whether an output goes back where the packet came from depends on this, so nearly every walk does.
        consult(Field.IN_PORT.word(), Field.IN_PORT.wordMask());
        visitFrom(0);
        if (!isStopped && actionSet != null) {
            executeActionSet();
        }
        return new Translation(
                Arrays.copyOf(mask, KeyLayout.RECEIVED_WORDS),
                program.finish(dropReason == null ? DropReason.FLOW_DROP : dropReason),
                Arrays.copyOf(entries, entryCount),
                Arrays.copyOf(tableIds, tableCount),
                version,
                true);
    }

    /** The packet as it is at the end; not to be changed. */
    long[] key() {
        return key;
    }

    private void visitFrom(int first) {
        int table = first;
        while (table != Instructions.NO_TABLE) {
            if (tableCount == MAX_LOOKUPS) {
                giveUp();
                return;
            }
            FlowEntry entry = lookup(table);
            if (entry == null) {
                suppressed(DropReason.TABLE_MISS);
                // A resubmit that finds nothing does nothing; a packet that finds nothing is dropped.
                isStopped |= depth == 0;
                return;
            }
            table = follow(entry);
        }
    }

    private FlowEntry lookup(int table) {
        FlowEntry entry;
        if (overwritten == null && observer == null) {
            entry = tables.table(table).lookup(key, version, mask);
        } else {
            if (consulted == null) {
                consulted = new long[KeyLayout.WORDS];
            }
            Arrays.fill(consulted, 0);
            entry = tables.table(table).lookup(key, version, consulted);
            for (int word = 0; word < KeyLayout.RECEIVED_WORDS; word++) {
                consult(word, consulted[word]);
            }
        }
        if (tableCount == tableIds.length) {
            tableIds = Arrays.copyOf(tableIds, tableCount * 2);
        }
        tableIds[tableCount++] = table;
        if (entry != null) {
            if (entryCount == entries.length) {
                entries = Arrays.copyOf(entries, entryCount * 2);
            }
            entries[entryCount++] = entry;
        }
        if (observer != null) {
            observer.lookedUp(table, entry, depth, key, consulted);
        }
        return entry;
    }

    /** Does what a flow asks for; answers the table to go on with. */
    private int follow(FlowEntry entry) {
        Instructions instructions = entry.instructions();
        List<Action> apply = instructions.apply();
        for (int i = 0; i < apply.size() && !isStopped; i++) {
            execute(apply.get(i), entry, false);
        }
        if (isStopped) {
            return Instructions.NO_TABLE;
        }
        if (instructions.clear() && actionSet != null) {
            actionSet.clear();
        }
        if (!instructions.write().isEmpty()) {
            if (actionSet == null) {
                actionSet = new ActionSet();
            }
            actionSet.write(instructions.write());
        }
        if (instructions.metadataMask() != 0) {
            overwrite(Field.METADATA, MaskedValue.masked(instructions.metadata(), instructions.metadataMask()));
        }
        return instructions.gotoTable();
    }

    private void executeActionSet() {
        if (observer != null) {
            observer.executesActionSet();
        }
        for (Action action : actionSet.inOrder()) {
            if (!isStopped) {
                execute(action, entries[entryCount - 1], true);
            }
        }
    }

    private void execute(Action action, FlowEntry entry, boolean inActionSet) {
        String remark = switch (action) {
            case Action.Output(int port) -> output(port);
            case Action.OutputReserved(ReservedPort port) -> outputReserved(port);
            case Action.Controller(int maxBytes) -> {
                boolean isMiss = entry.isTableMiss() && !inActionSet;
                program.controller(maxBytes, isMiss ? REASON_NO_MATCH : REASON_ACTION, entry.table(), entry.cookie());
                yield "";
            }
            case Action.SetField(Field field, MaskedValue value) -> setField(field, value);
            case Action.PushVlan(int tpid) -> pushVlan(tpid);
            case Action.PopVlan() -> popVlan();
            case Action.DecTtl() -> decTtl();
            case Action.Resubmit(int port, int table) -> "";
        };
        if (observer != null) {
            observer.executed(action, remark, depth);
        }
        if (program.isTooLong()) {
            giveUp();
        } else if (action instanceof Action.Resubmit resubmit) {
            resubmit(resubmit, entry);
        }
    }

    private String output(int port) {
        if (port == inPort) {
            return suppressed(DropReason.OUTPUT_TO_INPUT);
        }
        return send(port);
    }

    private String outputReserved(ReservedPort port) {
        return switch (port) {
            case IN_PORT -> send(inPort);
            case LOCAL -> output(ReservedPort.LOCAL.number());
            case ALL -> sendToEach(ports.usable());
            case FLOOD -> sendToEach(ports.flooded());
            case NORMAL -> throw new IllegalStateException("a flow with output to NORMAL was let in");
        };
    }

    private String sendToEach(int[] targets) {
        int sent = 0;
        for (int port : targets) {
            if (port != inPort) {
                program.output(port);
                sent++;
            }
        }
        return sent == 0 ? suppressed(DropReason.NO_SUCH_PORT) : "to " + sent + " ports";
    }

    private String send(int port) {
        if (!ports.isUsable(port)) {
            return suppressed(DropReason.NO_SUCH_PORT);
        }
        program.output(port);
        return "";
    }

    private String setField(Field field, MaskedValue value) {
        if (!has(field.setPrerequisite())) {
            return "not done: the packet has no " + field.text();
        }
        // The PRESENT bit of a VLAN id is no bit of the frame.
        MaskedValue bits = field == Field.VLAN_VID
                ? MaskedValue.masked(value.low() & ~Match.VLAN_PRESENT, value.maskLow() & ~Match.VLAN_PRESENT)
                : value;
        overwrite(field, bits);
        if (field.word() < KeyLayout.RECEIVED_WORDS) {
            program.setField(field, bits);
        }
        return "";
    }

    private String pushVlan(int tpid) {
        // The new tag begins as a copy of the outer one (OpenFlow 1.3.5 §5.12.1), which becomes the inner one.
        consult(Field.VLAN_TCI.word(), Field.VLAN_TCI.wordMask());
        long outer = Field.VLAN_TCI.in(key);
        program.pushVlan(tpid, (int) outer & ~Match.VLAN_PRESENT);
        overwriteTags(outer | Match.VLAN_PRESENT, outer);
        return "";
    }

    private String popVlan() {
        if (!has(Prerequisite.VLAN)) {
            return "not done: the packet has no tag";
        }
        // From now on the inner tag is matched as the outer one, so all of it counts.
        int innerWord = Field.ETH_SRC.word();
        consult(innerWord, Field.VLAN_TCI.wordMask());
        program.popVlan();
        overwriteTags(key[innerWord] & Field.VLAN_TCI.wordMask(), 0);
        return "";
    }

    private String decTtl() {
        if (!has(Prerequisite.IP)) {
            return "not done: the packet is not IP";
        }
        consult(Field.IP_TTL.word(), Field.IP_TTL.wordMask());
        long ttl = Field.IP_TTL.in(key);
        if (ttl <= 1) {
            isStopped = true;
            return suppressed(DropReason.TTL_EXPIRED);
        }
        program.decTtl();
        overwrite(Field.IP_TTL, MaskedValue.exact(Field.IP_TTL, ttl - 1));
        return "";
    }

    private void resubmit(Action.Resubmit resubmit, FlowEntry entry) {
        if (depth == MAX_DEPTH) {
            giveUp();
            return;
        }
        depth++;
        if (resubmit.inPort() != 0) {
            overwrite(Field.IN_PORT, MaskedValue.exact(Field.IN_PORT, resubmit.inPort() & Field.IN_PORT.ones()));
        }
        visitFrom(resubmit.table() == Action.Resubmit.SAME_TABLE ? entry.table() : resubmit.table());
        if (resubmit.inPort() != 0) {
            overwrite(Field.IN_PORT, MaskedValue.exact(Field.IN_PORT, inPort & Field.IN_PORT.ones()));
        }
        depth--;
    }

    /** Ends a walk that is too long, and drops the packet: half of what was asked for would be nobody's wish. */
    private void giveUp() {
        isStopped = true;
        program.clear();
        dropReason = DropReason.WALK_TOO_LONG;
    }

    /** Remembers the first reason for sending nothing. */
    private String suppressed(DropReason reason) {
        if (dropReason == null || reason == DropReason.TTL_EXPIRED) {
            dropReason = reason;
        }
        return "not done: " + reason.label();
    }

    /** Whether the packet as it is now has what fields and actions may need. */
    private boolean has(Prerequisite prerequisite) {
        for (Field field : prerequisite.decidedBy()) {
            consult(field.word(), field == Field.VLAN_TCI ? Match.VLAN_PRESENT : field.wordMask());
        }
        return prerequisite.isMet(key, ALL_BITS);
    }

    private void consult(int word, long bits) {
        mask[word] |= overwritten == null ? bits : bits & ~overwritten[word];
    }

    private void overwriteTags(long outer, long inner) {
        overwrite(Field.VLAN_TCI, MaskedValue.exact(Field.VLAN_TCI, outer));
        int innerWord = Field.ETH_SRC.word();
        long bits = Field.VLAN_TCI.wordMask();
        key[innerWord] = key[innerWord] & ~bits | inner;
        overwritten[innerWord] |= bits;
    }

    private void overwrite(Field field, MaskedValue value) {
        if (overwritten == null) {
            overwritten = new long[KeyLayout.WORDS];
            key = Arrays.copyOf(key, KeyLayout.WORDS);
        }
        value.putInto(field, key);
        value.addMaskTo(field, overwritten);
    }

    private static long[] allBits() {
        long[] bits = new long[KeyLayout.WORDS];
        Arrays.fill(bits, -1L);
        return bits;
    }
}
