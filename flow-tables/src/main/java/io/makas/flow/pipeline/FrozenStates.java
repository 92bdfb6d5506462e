// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/**
 * The interrupted walks by their numbers, which packets carry as {@code recirc_id}. A walk is remembered as long as a
 * translation has it among its operands: when no cache can lead a packet to it any more, it goes by itself.
 *
 * <p>Threads: any; locks for the length of a look-up in a map. Only packets that the caches have no answer for come here.
 */
final class FrozenStates {

    /** A walk that is gone when nobody else needs it. Equal if the walks are, or, when one is gone, if it is the same object. */
    private static final class Slot extends WeakReference<FrozenState> {

        private final int hash;
        private final int id;

        Slot(FrozenState state, int id, ReferenceQueue<FrozenState> gone) {
            super(state, gone);
            this.hash = state.hashCode();
            this.id = id;
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) {
                return true;
            }
            FrozenState mine = get();
            return mine != null && other instanceof Slot that && mine.equals(that.get());
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private final ReferenceQueue<FrozenState> gone = new ReferenceQueue<>();

    /** Both guarded by this. */
    private final Map<Slot, Slot> slots = new HashMap<>();

    private final Map<Integer, Slot> byId = new HashMap<>();
    private int lastId;

    private final Runnable beforeFirst;

    /** Written once, under the lock. */
    private volatile boolean isUsed;

    /**
     * Remembers no walk yet.
     *
     * @param beforeFirst is done before the first number is given away: answers that were found until then do not tell packets
     *     that carry one from others
     */
    FrozenStates(Runnable beforeFirst) {
        this.beforeFirst = beforeFirst;
    }

    /**
     * The number of an interrupted walk, which an equal one may have already.
     *
     * @param operands is made to hold the walk
     * @return never 0
     */
    synchronized int intern(FrozenState state, OperandList operands) {
        forgetGone();
        if (!isUsed) {
            isUsed = true;
            beforeFirst.run();
        }
        Slot slot = new Slot(state, nextId(), null);
        Slot known = slots.get(slot);
        FrozenState held = known == null ? null : known.get();
        if (held != null) {
            operands.hold(held);
            return known.id;
        }
        Slot added = new Slot(state, slot.id, gone);
        lastId = slot.id;
        slots.put(added, added);
        byId.put(added.id, added);
        operands.hold(state);
        return added.id;
    }

    /** The interrupted walk with a number; null if it is forgotten. */
    synchronized FrozenState find(int id) {
        Slot slot = byId.get(id);
        return slot == null ? null : slot.get();
    }

    /** Whether there has ever been one: only then packets can carry a number. */
    boolean isUsed() {
        return isUsed;
    }

    /** How many are remembered. */
    synchronized int count() {
        forgetGone();
        return byId.size();
    }

    private int nextId() {
        int id = lastId;
        do {
            id++;
        } while (id == 0 || byId.containsKey(id));
        return id;
    }

    private void forgetGone() {
        for (Object each = gone.poll(); each != null; each = gone.poll()) {
            Slot slot = (Slot) each;
            slots.remove(slot);
            byId.remove(slot.id);
        }
    }
}
