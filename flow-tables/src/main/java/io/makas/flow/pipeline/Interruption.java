// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is left undone where a walk is interrupted, from the inside out, and freezes the walk of the packet or of a copy.
 * For one walk, on one thread.
 */
final class Interruption {

    /** Interruptions of one packet's walk; more is a loop. */
    private static final int MAX_RECIRCULATIONS = 16;

    private final WalkContext walk;

    /** How often the walk was interrupted before. */
    private int recirculations;

    private List<Resumption> undone = new ArrayList<>(0);

    /** The action that wants to know the packet's length, if the walk was interrupted for that. */
    private Action.CheckPacketLarger lengthWanted;

    Interruption(WalkContext walk) {
        this.walk = walk;
    }

    /** The walk goes on from an interrupted one. */
    void goOnFrom(FrozenState state) {
        recirculations = state.recirculations();
    }

    /** Something is left undone; what was told before comes before. */
    void leave(Resumption step) {
        undone.add(step);
    }

    /** Actions are left undone. */
    void leave(List<Action> actions, Origin origin, boolean isActionSet) {
        if (!actions.isEmpty()) {
            undone.add(new Resumption.Actions(List.copyOf(actions), origin, isActionSet));
        }
    }

    /** The walk goes on when the packet's length is known. */
    void wantLength(Action.CheckPacketLarger check) {
        lengthWanted = check;
    }

    /** Begins the walk of a copy, which leaves undone things of its own; gives those of the packet. */
    List<Resumption> beginCopy() {
        List<Resumption> outer = undone;
        undone = new ArrayList<>(0);
        return outer;
    }

    void endCopy(List<Resumption> outer) {
        undone = outer;
    }

    /**
     * Ends the program by having the packet looked at again.
     *
     * @param actionSet what waits for the end of the walk; may be null
     * @param last where the last flow came from
     * @return false if the packet has been looked at too often
     */
    boolean freeze(ActionSet actionSet, Origin last) {
        if (recirculations == MAX_RECIRCULATIONS) {
            return false;
        }
        List<Action> waiting = actionSet == null ? List.of() : actionSet.actions();
        if (lengthWanted == null) {
            walk.program.recirculate(intern(undone, waiting, last));
        } else {
            int ifLonger = intern(withAnswer(1, last), waiting, last);
            int ifNot = intern(withAnswer(0, last), waiting, last);
            walk.program.recirculateByLength(lengthWanted.bytes(), ifLonger, ifNot);
            lengthWanted = null;
        }
        undone = new ArrayList<>(0);
        return true;
    }

    private List<Resumption> withAnswer(long answer, Origin last) {
        Action noted = new Action.SetField(lengthWanted.to().field(), new RangeBits(0, answer).in(lengthWanted.to()));
        List<Resumption> steps = new ArrayList<>();
        steps.add(new Resumption.Actions(List.of(noted), last, false));
        steps.addAll(undone);
        return steps;
    }

    private int intern(List<Resumption> steps, List<Action> waiting, Origin last) {
        FrozenState state = new FrozenState(steps, waiting, last, walk, recirculations + 1);
        return walk.view.frozen().intern(state, walk.operands);
    }
}
