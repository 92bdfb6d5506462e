// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.Octets;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.table.FlowMod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Flows as Makas reads and writes them beside {@code ovs-ofctl}: what it reads, Makas reads and means the same; what Makas
 * writes, it reads and means the same.
 *
 * <p>{@code -Dmakas.cases=N} for more flows, {@code -Dmakas.seed=N} for others.
 */
@Tag("system")
@EnabledIf(
        value = "io.makas.flow.text.OvsOfctl#isInstalled",
        disabledReason = "needs the command ovs-ofctl (Debian: apt-get install openvswitch-switch)")
final class OvsOfctlTest {

    private static final int FLOWS = Integer.getInteger("makas.cases", 1_500);
    private static final int SHOWN = 10;

    @Test
    void shouldMeanByAFlowWhatOvsOfctlMeans() throws Exception {
        long seed = Long.getLong("makas.seed", 71);
        System.out.println("seed " + seed);
        RandomTexts random = new RandomTexts(seed);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < FLOWS; i++) {
            texts.add(random.flow());
        }
        List<String> theirs = OvsOfctl.print(texts);
        List<String> differences = new ArrayList<>();
        List<String> read = new ArrayList<>();
        List<String> written = new ArrayList<>();
        int refusedByBoth = 0;
        for (int i = 0; i < FLOWS; i++) {
            String text = texts.get(i);
            try {
                FlowMod ours = FlowText.parse(text);
                if (theirs.get(i) == null) {
                    differences.add("only Makas reads " + text);
                } else {
                    compare(text, normal(ours), theirs.get(i), differences);
                    read.add(text);
                    written.add(FlowText.format(ours));
                }
            } catch (FlowTextException e) {
                if (theirs.get(i) == null) {
                    refusedByBoth++;
                } else {
                    differences.add(e.locatedMessage() + ": only ovs-ofctl reads " + text);
                }
            }
        }
        List<String> rewritten = OvsOfctl.print(written);
        for (int i = 0; i < written.size(); i++) {
            if (rewritten.get(i) == null) {
                differences.add("ovs-ofctl refuses what Makas writes: " + written.get(i) + " for " + read.get(i));
            } else {
                compare(written.get(i), normal(FlowText.parse(read.get(i))), rewritten.get(i), differences);
            }
        }
        System.out.println(read.size() + " flows read alike, " + refusedByBoth + " refused by both");
        differences.stream().limit(SHOWN).forEach(System.out::println);
        assertEquals(0, differences.size());
        assertTrue(read.size() > FLOWS / 2);
    }

    private static void compare(String text, FlowMod ours, String printed, List<String> differences) {
        try {
            FlowMod theirs = normal(FlowText.parse(printed));
            if (!ours.equals(theirs)) {
                differences.add(text + "\n  makas means     " + FlowText.format(ours) + "\n  ovs-ofctl means "
                        + FlowText.format(theirs) + "\n  and prints      " + printed);
            }
        } catch (FlowTextException e) {
            differences.add(e.locatedMessage() + ": Makas cannot read what ovs-ofctl prints: " + printed);
        }
    }

    /** The same flow, without differences in the words of OpenFlow messages. */
    private static FlowMod normal(FlowMod mod) {
        FlowMod.Add add = (FlowMod.Add) mod;
        Instructions said = add.instructions();
        Instructions meant = new Instructions(
                said.meter(),
                normal(said.apply()),
                said.clear(),
                normal(said.write()),
                said.metadata(),
                said.metadataMask(),
                said.gotoTable());
        return new FlowMod.Add(
                add.table(),
                add.priority(),
                add.match(),
                meant,
                add.cookie(),
                add.idleTimeoutS(),
                add.hardTimeoutS(),
                add.flags(),
                add.importance());
    }

    private static List<Action> normal(List<Action> actions) {
        List<Action> normal = new ArrayList<>();
        for (Action action : actions) {
            Action last = normal.isEmpty() ? null : normal.getLast();
            switch (action) {
                // Bits of a field are loaded in rows of up to 64 that follow each other.
                case Action.SetField set
                when last instanceof Action.SetField before && before.field() == set.field() -> {
                    normal.removeLast();
                    normal.add(new Action.SetField(set.field(), both(before.value(), set.value())));
                }
                case Action.Clone(List<Action> cloned) -> normal.add(new Action.Clone(normal(cloned)));
                // A note is padded to what fills a message.
                case Action.Note(Octets data) -> normal.add(new Action.Note(padded(data)));
                default -> normal.add(action);
            }
        }
        return normal;
    }

    private static MaskedValue both(MaskedValue first, MaskedValue then) {
        return new MaskedValue(
                first.high() & ~then.maskHigh() | then.high(),
                first.low() & ~then.maskLow() | then.low(),
                first.maskHigh() | then.maskHigh(),
                first.maskLow() | then.maskLow());
    }

    private static Octets padded(Octets data) {
        int size = 6;
        while (size < data.sizeBytes()) {
            size += 8;
        }
        return Octets.of(Arrays.copyOf(data.toBytes(), size));
    }
}
