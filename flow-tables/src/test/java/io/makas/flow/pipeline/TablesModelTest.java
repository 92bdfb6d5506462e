// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.RandomFlows;
import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowFlag;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.table.TableConfig;
import io.makas.flow.table.TableStatistics;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random edits, bundles that fail somewhere, packets and time, on the tables and on {@link PlainTables}: refusals, dumps,
 * counters and what is told of removed flows are the same after every step.
 */
final class TablesModelTest {

    private static final int STEPS = 15_000;
    private static final int TABLES = PlainTables.TABLES;
    private static final int MAX_FLOWS = 40;

    private long nowNs = -5_000_000_000L;
    private final Pipeline pipeline = new Pipeline(() -> nowNs, MAX_FLOWS);
    private final PlainTables plain = new PlainTables(MAX_FLOWS);
    private final List<FlowRemoved> removed = new ArrayList<>();
    private final List<PlainTables.Gone> gone = new ArrayList<>();

    /** Packets that workers have counted and not handed in. */
    private final List<Runnable> credits = new ArrayList<>();

    private RandomFlows random;
    private int refusals;
    private int packets;
    private int removals;

    @ParameterizedTest
    @ValueSource(longs = {71, 72, 73})
    void shouldDoAsThePlainTablesDo(long seed) {
        System.out.println("seed " + seed);
        random = new RandomFlows(seed);
        for (int step = 0; step < STEPS; step++) {
            String where = "seed " + seed + " step " + step;
            switch (random.below(10)) {
                case 0, 1, 2 -> edit(where, 1 + (random.once(3) ? random.below(8) : 0));
                case 3 -> passTime();
                case 4 -> configure();
                default -> send(where);
            }
            if (step % 7 == 0) {
                compare(where);
            }
        }
        System.out.println(refusals + " refusals, " + removals + " removed, " + packets + " packets");
        assertTrue(refusals > 500 && removals > 2_000 && packets > 3_000, "too little happened");
    }

    private void edit(String where, int count) {
        handIn();
        List<FlowMod> mods = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            mods.add(mod());
        }
        long generation = pipeline.generation();
        String refusal = null;
        try {
            gone.addAll(plain.apply(mods, nowNs));
        } catch (PlainTables.Refused e) {
            refusal = e.getMessage();
            refusals++;
        }
        try {
            removed.addAll(pipeline.apply(mods));
            assertNull(refusal, where);
        } catch (FlowModException e) {
            assertEquals(refusal, "edit " + e.index() + " " + e.kind(), where);
            assertEquals(generation, pipeline.generation(), where);
            compare(where);
        }
    }

    private void send(String where) {
        long[] key = random.key();
        long bytes = 60 + random.below(1_000);
        long atNs = nowNs;
        // Walks may find either of two flows of one priority.
        if (plain.send(key, bytes, atNs)) {
            Translation translation = pipeline.translate(key);
            credits.add(() -> pipeline.credit(translation, 1, bytes, atNs));
            packets++;
        }
    }

    private void passTime() {
        handIn();
        nowNs += random.below(4) * TimeUnit.SECONDS.toNanos(1) + random.below(3) * 500_000_000L;
        gone.addAll(plain.expire(nowNs));
        removed.addAll(pipeline.expire(nowNs));
    }

    private void configure() {
        if (random.once(4)) {
            int table = random.below(TABLES);
            TableConfig config = new TableConfig("t", random.once(4) ? MAX_FLOWS : random.below(20), !random.once(3));
            plain.configure(table, config);
            pipeline.configureTable(table, config);
        }
    }

    private void handIn() {
        credits.forEach(Runnable::run);
        credits.clear();
    }

    private void compare(String where) {
        handIn();
        assertEquals(texts(plain.dump(nowNs)), texts(pipeline.flows(FlowFilter.ALL)), where);
        assertEquals(
                gone.stream().map(PlainTables.Gone::text).sorted().toList(),
                removed.stream()
                        .map(each -> each.reason() + " " + each.statistics())
                        .sorted()
                        .toList(),
                where);
        removals += removed.size();
        gone.clear();
        removed.clear();
        for (TableStatistics table : pipeline.tables()) {
            assertEquals(
                    plain.statistics(table.table()),
                    table.flows() + " " + table.lookups() + " " + table.matched(),
                    where + " table " + table.table());
        }
    }

    private static Set<String> texts(List<FlowStatistics> flows) {
        return flows.stream().map(FlowStatistics::toString).collect(Collectors.toSet());
    }

    private FlowMod mod() {
        int table = random.below(TABLES);
        FlowMod.Add add = add(table);
        FlowFilter which = FlowFilter.inTable(table).within(random.once(2) ? random.match() : add.match());
        return switch (random.below(20)) {
            case 0 -> new FlowMod.Delete(which);
            case 1 -> new FlowMod.Delete(FlowFilter.strictly(table, add.priority(), add.match()));
            case 2 -> new FlowMod.Delete(FlowFilter.ALL.withCookie(random.below(16), 15));
            case 3, 4 -> new FlowMod.Modify(which, add.instructions(), resetOrNot());
            case 5 ->
                new FlowMod.Modify(
                        FlowFilter.strictly(table, add.priority(), add.match()), add.instructions(), resetOrNot());
            default -> add;
        };
    }

    private FlowMod.Add add(int table) {
        Instructions instructions = Instructions.apply(new Action.Output(1 + random.below(4)));
        if (random.once(30)) {
            instructions = instructions.thenGoto(random.below(TABLES));
        } else if (table < TABLES - 1 && random.once(2)) {
            instructions = instructions.thenGoto(table + 1);
        }
        Set<FlowFlag> flags = EnumSet.noneOf(FlowFlag.class);
        for (FlowFlag flag : FlowFlag.values()) {
            if (random.once(8)) {
                flags.add(flag);
            }
        }
        return new FlowMod.Add(
                table,
                random.below(6),
                random.once(6) ? Match.ANY : random.match(),
                instructions,
                random.below(16),
                random.once(2) ? 1 + random.below(9) : 0,
                random.once(3) ? 1 + random.below(20) : 0,
                flags,
                random.below(3));
    }

    private Set<FlowFlag> resetOrNot() {
        return random.once(3) ? Set.of(FlowFlag.RESET_COUNTS) : Set.of();
    }
}
