// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.tables;

import io.makas.flow.key.KeyLayout;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowTables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/** Adds and deletes exact 5-tuples, many at once and one by one while another thread looks up, and weighs them. */
final class EditMeasurement {

    private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int PACKETS = 1 << 14;

    private final RuleSet ruleSet;
    private final LongSupplier clockNs;

    /** Times of single edits and, meanwhile, of look-ups, in nanoseconds. */
    record Singles(Histogram edits, Histogram lookups) {}

    /** Prepares so many rules. */
    EditMeasurement(int entries, LongSupplier clockNs) {
        this.ruleSet = new RuleSet(entries, 1, 2);
        this.clockNs = clockNs;
    }

    /** How many flows a second are added by one edit into empty tables, the median of rounds. */
    double bulkPerSecond(int rounds) {
        double[] rates = new double[rounds];
        List<FlowMod> edits = new ArrayList<>(ruleSet.rules());
        for (int round = 0; round < rounds; round++) {
            FlowTables tables = new FlowTables(edits.size() * 2);
            long beganNs = clockNs.getAsLong();
            apply(tables, edits);
            rates[round] = edits.size() / seconds(clockNs.getAsLong() - beganNs);
        }
        Arrays.sort(rates);
        return rates[rounds / 2];
    }

    /** How many bytes of heap a flow takes: what is left after a collection with and without the tables. */
    double bytesPerEntry() {
        List<FlowMod.Add> rules = ruleSet.rules();
        long before = usedBytes();
        FlowTables tables = new FlowTables(rules.size() * 2);
        // The rules themselves are of before, so what an entry shares with its rule must be counted apart: it is made
        // anew.
        apply(tables, copies(rules));
        long after = usedBytes();
        if (tables.statistics().getFirst().flows() != rules.size()) {
            throw new IllegalStateException("flows are missing");
        }
        return (double) (after - before) / rules.size();
    }

    /** Deletes and adds flows one by one, while another thread looks up packets. */
    Singles singles(int warmUp, int count) {
        FlowTables tables = ruleSet.tables();
        Histogram lookups = new Histogram(LONGEST_NS, 3);
        AtomicBoolean isOver = new AtomicBoolean();
        Thread reader = Thread.ofPlatform().start(() -> lookUp(tables, lookups, isOver));
        Histogram edits = new Histogram(LONGEST_NS, 3);
        List<FlowMod.Add> rules = ruleSet.rules();
        for (int i = 0; i < warmUp + count; i++) {
            FlowMod.Add rule = rules.get((int) (i / 2 * 7_919L % rules.size()));
            FlowMod edit =
                    i % 2 == 0 ? new FlowMod.Delete(FlowFilter.strictly(0, rule.priority(), rule.match())) : rule;
            List<FlowMod> only = List.of(edit);
            long beganNs = clockNs.getAsLong();
            apply(tables, only);
            if (i >= warmUp) {
                edits.recordValue(clockNs.getAsLong() - beganNs);
            }
        }
        isOver.set(true);
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Singles(edits, lookups);
    }

    private void lookUp(FlowTables tables, Histogram times, AtomicBoolean isOver) {
        long[][] packets = ruleSet.packets(PACKETS);
        long[] consulted = new long[KeyLayout.WORDS];
        for (int i = 0; !isOver.get(); i++) {
            Arrays.fill(consulted, 0);
            long beganNs = clockNs.getAsLong();
            tables.table(0).lookup(packets[i & PACKETS - 1], tables.version(), consulted);
            times.recordValue(clockNs.getAsLong() - beganNs);
        }
    }

    private static List<FlowMod> copies(List<FlowMod.Add> rules) {
        List<FlowMod> copies = new ArrayList<>(rules.size());
        for (FlowMod.Add rule : rules) {
            copies.add(RuleSet.copy(rule));
        }
        return copies;
    }

    private static void apply(FlowTables tables, List<FlowMod> edits) {
        try {
            tables.apply(edits, 0);
        } catch (FlowModException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    private static double seconds(long ns) {
        return ns / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
