// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.ActionProgram;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.PacketInReason;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.table.FlowEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * One packet's way through the tables, and the megaflow that comes of it.
 *
 * <p>Here are the tables, the instructions of flows, and what actions do to the walk itself. {@link WalkedKey} is the packet on
 * its way, and collects the bits that the walk depended on; {@link PacketRewriter} changes it and {@link Outputs} sends it;
 * {@link ProgramWriter} takes down what is to be done.
 *
 * <h2>Interruptions</h2>
 *
 * Where the walk needs bits of the packet that its key does not hold ({@link WalkedKey.UnknownBits}), or its length, it ends for
 * now: what is still to be done, from the innermost resubmit to the outermost, becomes a {@link FrozenState}, and the program
 * ends by having the packet looked at again. The packet comes back with the number of that state in its key, and the walk goes
 * on from there. Flows that were met before count for the first answer, those met later for the second.
 *
 * <p>For one walk, on one thread.
 */
final class Walk {

    /** Tables that a walk may look up, and groups and buckets that it may meet; more is a loop of resubmits. */
    static final int MAX_LOOKUPS = 4_096;

    /** Resubmits within resubmits. */
    static final int MAX_DEPTH = 64;

    /** Why the walk does not go on at the moment. */
    private enum Halt {
        /** It does. */
        NONE,
        /** {@code exit}: only the action set is left to be executed. */
        EXIT,
        /** A miss or an expired TTL: the packet, or the copy, is dropped. */
        END,
        /** The packet must be looked at again. */
        FREEZE,
        /** The walk is too long: nothing is done at all. */
        GIVE_UP
    }

    private final View view;
    private final WalkObserver observer;
    private final WalkedKey key;
    private final ProgramWriter program;
    private final WalkContext context;
    private final PacketRewriter rewriter;
    private final Outputs outputs;
    private final LinkChoice choice;
    private final Learner learner;
    private final GroupWalk groups;
    private final Interruption interruption;

    private ActionSet actionSet;
    private final CreditList credits = new CreditList();

    /** Where the last flow came from; null before there was one. */
    private Origin last;

    /** The flow whose actions are executed; null for those that were left when the walk was interrupted. */
    private FlowEntry current;

    /** Resubmits, and copies, that the walk is inside of. */
    private int depth;

    private int copies;
    private Halt halt = Halt.NONE;

    /**
     * Prepares a walk.
     *
     * @param view what it goes by
     * @param received the packet's key; not changed
     * @param observer is told what happens; may be null
     */
    Walk(View view, long[] received, WalkObserver observer) {
        this.view = view;
        this.observer = observer;
        this.key = new WalkedKey(received);
        this.context = new WalkContext(view, key, observer);
        this.program = context.program;
        this.rewriter = new PacketRewriter(context);
        this.outputs = new Outputs(context);
        this.choice = new LinkChoice(context, rewriter, outputs);
        this.learner = new Learner(context, rewriter);
        this.groups = new GroupWalk(context, credits);
        this.interruption = new Interruption(context);
    }

    /** Walks from table 0, or from where the walk was interrupted, to the end. */
    Translation translate() {
        // Whether an output goes back where the packet came from depends on this, so nearly every walk does.
        key.read(Field.IN_PORT);
        if (view.frozen().isUsed() && key.read(Field.RECIRC_ID) != 0) {
            resume(view.frozen().find((int) Field.RECIRC_ID.in(key.words())));
        } else {
            walkToEnd(List.of(new Resumption.Visit(0, 0, true)));
        }
        Credits credited = credits.toCredits(context.uses);
        return new Translation(
                key.receivedMask(),
                program.finish(context.dropReason()),
                context.operands.toOperands(credits, credited, view.tables()),
                credited,
                view.generation(),
                !context.isForThisPacketAlone,
                key.complete(context.footprint));
    }

    private void resume(FrozenState state) {
        if (state == null) {
            context.suppressed(DropReason.RECIRCULATION_UNKNOWN);
            return;
        }
        state.thaw(key);
        context.stack.addAll(state.stack());
        program.queue(state.queue());
        interruption.goOnFrom(state);
        last = state.last();
        writeActions(state.actionSet());
        walkToEnd(state.steps());
    }

    /** Does one thing after the other, then what the action set says. */
    private void walkToEnd(List<Resumption> steps) {
        for (int i = 0; i < steps.size() && halt == Halt.NONE; i++) {
            switch (steps.get(i)) {
                case Resumption.Actions(List<Action> actions, Origin origin, boolean isActionSet) ->
                    executeAll(actions, origin, isActionSet);
                case Resumption.Rest(Instructions instructions, Origin origin, boolean isOutermost) ->
                    visitFrom(followRest(instructions), 0, isOutermost);
                case Resumption.Visit(int table, int inPort, boolean isOutermost) ->
                    visitFrom(table, inPort, isOutermost);
            }
            if (halt == Halt.FREEZE) {
                steps.subList(i + 1, steps.size()).forEach(interruption::leave);
            }
        }
        finish();
    }

    /** Ends the walk of the packet, or of a copy. */
    private void finish() {
        if ((halt == Halt.NONE || halt == Halt.EXIT) && actionSet != null) {
            halt = Halt.NONE;
            executeActionSet();
        }
        if (halt == Halt.FREEZE && !interruption.freeze(actionSet, last)) {
            giveUp();
        }
    }

    /**
     * Has a part of the walk go on with a copy of the packet: what it does to the packet, the stack, the queue and the action set
     * is undone afterwards. The copy has an action set of its own, empty at first and executed at the end, and where the copy
     * ends or is interrupted, the packet goes on.
     *
     * @return whether the walk goes on
     */
    private boolean onCopy(Runnable part) {
        if (depth + copies == MAX_DEPTH || credits.stepCount() >= MAX_LOOKUPS) {
            giveUp();
            return false;
        }
        copies++;
        WalkedKey.Saved packet = key.save();
        List<RangeBits> stack = context.stack;
        List<Resumption> undone = interruption.beginCopy();
        ActionSet outerSet = actionSet;
        context.stack = new ArrayList<>(stack);
        actionSet = null;
        ProgramWriter.Copy copy = program.beginCopy();
        int metersBefore = credits.scopeCount();
        part.run();
        finish();
        credits.closeScopes(metersBefore);
        program.endCopy(copy);
        key.restore(packet);
        context.stack = stack;
        interruption.endCopy(undone);
        actionSet = outerSet;
        halt = halt == Halt.GIVE_UP ? halt : Halt.NONE;
        copies--;
        return halt == Halt.NONE;
    }

    private void visitFrom(int first, int inPort, boolean isOutermost) {
        int table = first;
        int port = inPort;
        while (table != Instructions.NO_TABLE && halt == Halt.NONE) {
            if (credits.stepCount() >= MAX_LOOKUPS) {
                giveUp();
                return;
            }
            FlowEntry entry;
            try {
                entry = lookup(table, port);
            } catch (WalkedKey.UnknownBits _) {
                halt = Halt.FREEZE;
                context.footprint.lookedUp(table, null);
                interruption.leave(new Resumption.Visit(table, port, isOutermost));
                return;
            }
            if (entry == null) {
                context.suppressed(DropReason.TABLE_MISS);
                // A resubmit that finds nothing does nothing; a packet that finds nothing is dropped.
                halt = isOutermost ? Halt.END : halt;
                return;
            }
            port = 0;
            table = follow(entry, isOutermost);
        }
    }

    /** Looks the packet up, as if it had come in by a port if that is not 0. */
    private FlowEntry lookup(int table, int inPort) {
        int ownPort = key.inPort();
        try {
            key.setInPort(inPort == 0 ? ownPort : inPort);
            FlowEntry entry = key.lookup(view.tables().table(table), view.version(), observer != null);
            credits.add(table, entry);
            context.footprint.lookedUp(table, entry);
            if (observer != null) {
                observer.lookedUp(table, entry, key.words(), key.consulted());
            }
            return entry;
        } finally {
            key.setInPort(ownPort);
        }
    }

    /** Does what a flow asks for; answers the table to go on with. */
    private int follow(FlowEntry entry, boolean isOutermost) {
        Instructions instructions = entry.instructions();
        last = Origin.of(entry);
        Origin origin = last;
        FlowEntry outer = current;
        current = entry;
        groups.pass(instructions.meter());
        executeAll(instructions.apply(), origin, false);
        current = outer;
        if (halt == Halt.FREEZE) {
            interruption.leave(new Resumption.Rest(instructions, origin, isOutermost));
        }
        if (halt != Halt.NONE) {
            return Instructions.NO_TABLE;
        }
        if (observer != null) {
            observer.followed();
        }
        return followRest(instructions);
    }

    /** Follows what comes behind the actions; answers the table to go on with. */
    private int followRest(Instructions instructions) {
        if (instructions.clear() && actionSet != null) {
            actionSet.clear();
        }
        writeActions(instructions.write());
        if (instructions.metadataMask() != 0) {
            key.overwrite(Field.METADATA, MaskedValue.masked(instructions.metadata(), instructions.metadataMask()));
        }
        return instructions.gotoTable();
    }

    private void writeActions(List<Action> actions) {
        if (!actions.isEmpty()) {
            if (actionSet == null) {
                actionSet = new ActionSet();
            }
            actionSet.write(actions);
        }
    }

    private void executeActionSet() {
        List<Action> actions = actionSet.inOrder();
        actionSet = null;
        if (observer != null) {
            observer.executesActionSet();
        }
        executeAll(actions, last.ofActionSet(), true);
    }

    /** Executes actions in order, as far as the walk goes on. */
    private void executeAll(List<Action> actions, Origin origin, boolean isActionSet) {
        for (int i = 0; i < actions.size() && halt == Halt.NONE; i++) {
            int done = i + 1;
            try {
                execute(actions.get(i), origin, isActionSet);
            } catch (WalkedKey.UnknownBits _) {
                halt = Halt.FREEZE;
                done = i;
            }
            if (halt == Halt.FREEZE) {
                interruption.leave(actions.subList(done, actions.size()), origin, isActionSet);
            }
        }
    }

    private void execute(Action action, Origin origin, boolean isActionSet) {
        if (observer != null) {
            observer.begins(action, key.words());
        }
        String remark = "not done before the packet was looked at again";
        try {
            remark = begin(action, origin, isActionSet);
            if (program.isTooLong()) {
                giveUp();
            } else if (action instanceof Action.Resubmit resubmit) {
                resubmit(resubmit, origin);
            } else if (action instanceof Action.Clone(List<Action> actions)) {
                onCopy(() -> executeAll(actions, origin, false));
            } else if (action instanceof Action.Group(int id)) {
                remark = groups.hand(id, actions -> onCopy(() -> executeAll(actions, origin.ofActionSet(), true)));
            }
        } finally {
            if (observer != null) {
                observer.ends(remark, key.words());
            }
        }
    }

    /** Begins an action, and ends all those that are nothing but a change of the packet or a way out for it. */
    private String begin(Action action, Origin origin, boolean isActionSet) {
        return switch (action) {
            case Action.Output(int port) -> outputs.output(port);
            case Action.OutputReserved(ReservedPort port) -> outputs.outputReserved(port);
            case Action.OutputField(var port) -> outputs.outputField(port, origin);
            case Action.OutputTruncated(int port, int maxBytes) -> outputs.outputTruncated(port, maxBytes);
            case Action.Controller controller -> {
                boolean isMiss = origin.isTableMiss() && !isActionSet;
                yield outputs.packetIn(controller, isMiss ? PacketInReason.NO_MATCH : PacketInReason.ACTION, origin);
            }
            case Action.Sample sample -> outputs.sample(sample);
            case Action.SetField(Field field, MaskedValue value) -> rewriter.setField(field, value);
            case Action.Move move -> rewriter.move(move);
            case Action.Push(var from) -> rewriter.push(from);
            case Action.Pop(var to) -> rewriter.pop(to);
            case Action.PushVlan(int tpid) -> rewriter.pushVlan(tpid);
            case Action.PopVlan() -> rewriter.popVlan();
            case Action.PushMpls(int ethType) -> rewriter.pushMpls(ethType);
            case Action.PopMpls(int ethType) -> rewriter.popMpls(ethType);
            case Action.CopyTtlOut() -> rewriter.copyTtlOut();
            case Action.CopyTtlIn() -> rewriter.copyTtlIn();
            case Action.DecTtl() -> rewriter.isIpTtlExpired() ? expire(origin) : "";
            case Action.DecMplsTtl() -> rewriter.isMplsTtlExpired() ? expire(origin) : "";
            case Action.SetQueue(int queue) -> context.useQueue(queue);
            case Action.PopQueue() -> context.useQueue(ActionProgram.NO_QUEUE);
            case Action.Multipath multipath -> choice.multipath(multipath);
            case Action.Bundle bundle -> choice.bundle(bundle, origin);
            case Action.CheckPacketLarger check -> {
                interruption.wantLength(check);
                halt = Halt.FREEZE;
                yield "";
            }
            case Action.Exit() -> {
                halt = Halt.EXIT;
                yield "";
            }
            case Action.Note _, Action.Conjunction _ -> "";
            case Action.Resubmit _, Action.Clone _, Action.Group _ -> "";
            case Action.Learn(var spec) -> learner.learn(spec);
            case Action.FinTimeout(int idleS, int hardS) -> learner.endOfTcp(current, idleS, hardS);
        };
    }

    private String expire(Origin origin) {
        halt = Halt.END;
        return outputs.packetInOfExpired(origin);
    }

    private void resubmit(Action.Resubmit resubmit, Origin origin) {
        if (depth + copies == MAX_DEPTH) {
            giveUp();
            return;
        }
        depth++;
        int table = resubmit.table() == Action.Resubmit.SAME_TABLE ? origin.table() : resubmit.table();
        visitFrom(table, resubmit.inPort(), false);
        depth--;
    }

    /** Ends a walk that is too long, and drops the packet: half of what was asked for would be nobody's wish. */
    private void giveUp() {
        halt = Halt.GIVE_UP;
        program.clear();
        context.drop(DropReason.WALK_TOO_LONG);
    }
}
