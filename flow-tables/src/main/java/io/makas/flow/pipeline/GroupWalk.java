// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.group.Bucket;
import io.makas.flow.group.Group;
import io.makas.flow.group.GroupEntry;
import io.makas.flow.key.Field;
import io.makas.flow.meter.MeterEntry;
import java.util.List;
import java.util.function.Predicate;

/** Hands a packet on its walk to groups, and through meters. For one walk, on one thread. */
final class GroupWalk {

    private final WalkContext walk;
    private final CreditList credits;
    private final BucketChoice choice;

    GroupWalk(WalkContext walk, CreditList credits) {
        this.walk = walk;
        this.credits = credits;
        this.choice = new BucketChoice(walk);
    }

    /**
     * Hands the packet to a group: each bucket that it is for executes its action set on a copy.
     *
     * @param onCopy executes actions on a copy; says whether the walk goes on
     * @return what is remarkable about it, for people
     * @throws WalkedKey.UnknownBits if the choice of a bucket depends on bits that the key does not hold
     */
    String hand(int id, Predicate<List<Action>> onCopy) {
        GroupEntry entry = walk.view.snapshot().groups().get(id);
        if (entry == null) {
            // A walk that was interrupted may go on when its group is gone.
            return walk.suppressed(DropReason.NO_BUCKET);
        }
        int[] chosen = choice.of(entry.group());
        credits.add(entry.counter());
        if (chosen.length == 0) {
            return walk.suppressed(DropReason.NO_BUCKET);
        }
        List<Bucket> buckets = entry.group().buckets();
        for (int bucket : chosen) {
            credits.add(entry.bucketCounter(bucket));
            ActionSet actions = new ActionSet();
            actions.write(buckets.get(bucket).actions());
            beginPart(entry.group(), bucket);
            boolean goesOn = onCopy.test(actions.inOrder());
            endPart();
            if (!goesOn) {
                break;
            }
        }
        return chosen.length > 1
                ? walk.remark("buckets: ", chosen.length)
                : walk.remark(
                        "bucket ",
                        Integer.toUnsignedString(buckets.get(chosen[0]).id()));
    }

    private void beginPart(Group group, int bucket) {
        if (walk.observer != null) {
            int id = group.buckets().get(bucket).id();
            walk.observer.beginsPart("bucket " + (id == Bucket.NO_ID ? bucket : Integer.toUnsignedString(id)));
        }
    }

    private void endPart() {
        if (walk.observer != null) {
            walk.observer.endsPart();
        }
    }

    /** Has the packet pass a meter, if there is one: what follows in the program is for packets that have passed. */
    void pass(int meterId) {
        if (meterId == Instructions.NO_METER) {
            return;
        }
        MeterEntry meter = walk.view.snapshot().meters().get(meterId);
        walk.program.meter(walk.operands.add(meter));
        credits.openScope();
        if (meter.remarks()) {
            // Whoever wants to know it must look at the packet again.
            walk.key.forget(Field.IP_DSCP);
        }
    }
}
