// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.RandomFlows;
import io.makas.flow.action.Action;
import io.makas.flow.action.ActionProgram;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Walks while the tables change: no walk may see half an edit. */
final class ConcurrentEditTest {

    private static final int EDITS = 30_000;

    private final Pipeline pipeline = new Pipeline(() -> 0, 100_000);
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /**
     * Table 0 sends on to table 1, which outputs. Each edit replaces both flows, and as many bystanders, so that the port tells
     * both halves: register 0 holds the number that table 0 wrote, and table 1 has a flow for this number only.
     */
    @Test
    void shouldNeverShowHalfAnEditToAWalk() throws Exception {
        pipeline.setPorts(List.of(new PortState(1), new PortState(2)));
        pipeline.apply(generation(0));
        long[] key = new long[KeyLayout.WORDS];
        key[Field.IN_PORT.word()] = 2L << Field.IN_PORT.shift();
        Thread reader = reader(() -> {
            ActionProgram program = pipeline.translate(key).program();
            assertNull(program.dropReason(), "table 1 had no flow for what table 0 wrote");
            assertEquals(1, program.soleOutput());
        });

        for (int number = 1; number <= EDITS && failure.get() == null; number++) {
            List<FlowMod> edit = new ArrayList<>();
            edit.add(new FlowMod.Delete(FlowFilter.ALL));
            edit.addAll(generation(number));
            pipeline.apply(edit);
            if (number % 1_000 == 0) {
                pipeline.expire(0);
            }
        }

        finish(reader);
    }

    /** Random edits in a small world, which make subtables come and go and their order change. */
    @Test
    void shouldAnswerAsOneOfTheVersionsThatWereThere() throws Exception {
        System.out.println("seed 41");
        RandomFlows random = new RandomFlows(41);
        long[] key = new RandomFlows(42).key();
        pipeline.setPorts(List.of(new PortState(1), new PortState(2), new PortState(3)));
        List<Translation> seen = new ArrayList<>();
        Thread reader = reader(() -> {
            Translation answer = pipeline.translate(key);
            if (seen.isEmpty() || seen.getLast().generation() != answer.generation()) {
                seen.add(answer);
            }
        });
        List<ActionProgram> programs = new ArrayList<>();
        programs.add(pipeline.translate(key).program());
        long first = pipeline.generation();

        for (int number = 1; number <= EDITS / 2 && failure.get() == null; number++) {
            try {
                pipeline.apply(List.of(withOwnPriority(random.mod(number), number)));
                if (number % 100 == 0) {
                    pipeline.expire(0);
                }
            } catch (FlowModException e) {
                assertEquals(FlowModException.Kind.MATCH_INCONSISTENT, e.kind());
            }
            while (first + programs.size() <= pipeline.generation()) {
                programs.add(pipeline.translate(key).program());
            }
        }

        finish(reader);
        int compared = 0;
        for (Translation answer : seen) {
            if (answer.generation() >= first) {
                assertEquals(programs.get((int) (answer.generation() - first)), answer.program());
                compared++;
            }
        }
        System.out.println("compared " + compared + " of " + programs.size() + " generations");
    }

    private static List<FlowMod> generation(int number) {
        List<FlowMod> flows = new ArrayList<>();
        Instructions mark =
                Instructions.apply(new Action.SetField(Field.REG0, number)).thenGoto(1);
        Instructions output = Instructions.apply(new Action.Output(1));
        Match marked = Match.builder().set(Field.REG0, number).build();
        flows.add(new FlowMod.Add(0, 1 + number % 7, Match.ANY, mark));
        flows.add(new FlowMod.Add(1, 1 + number % 5, marked, output));
        flows.add(new FlowMod.Add(
                1, 9, Match.builder().set(Field.ETH_TYPE, 1 + number % 50).build(), output));
        flows.add(new FlowMod.Add(
                0,
                number % 3,
                Match.builder()
                        .set(Field.ETH_SRC, 1L << number % 40, 1L << number % 40)
                        .build(),
                mark));
        return flows;
    }

    /** Flows of the same priority could be found in any order. */
    private static FlowMod withOwnPriority(FlowMod mod, int priority) {
        return mod instanceof FlowMod.Add add
                ? new FlowMod.Add(
                        add.table(), priority, add.match(), add.instructions(), add.cookie(), 0, 0, add.flags(), 0)
                : mod;
    }

    private Thread reader(Runnable walk) {
        return Thread.ofPlatform().start(() -> {
            try {
                long walks = 0;
                while (!isOver.get()) {
                    walk.run();
                    walks++;
                }
                System.out.println(walks + " walks during " + pipeline.generation() + " edits");
            } catch (RuntimeException | AssertionError e) {
                failure.set(e);
            }
        });
    }

    private void finish(Thread reader) throws InterruptedException {
        isOver.set(true);
        reader.join();
        if (failure.get() != null) {
            throw new AssertionError("a walk saw what never was", failure.get());
        }
        assertTrue(pipeline.generation() > 1_000);
    }
}
