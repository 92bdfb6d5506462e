// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.CacheStatistics;
import io.makas.v1.WorkerStatistics;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code makas workers}: what each worker did, and how its caches served it. */
@Command(
        name = "workers",
        description = "Show what each worker did, and how its caches served it.",
        mixinStandardHelpOptions = true)
final class WorkersCommand implements Callable<Integer> {

    @ParentCommand
    private MakasCommand makas;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        List<WorkerStatistics> workers;
        try (SwitchClient client = makas.connect()) {
            workers = client.workers();
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (output.form()) {
            case TEXT -> workers.forEach(worker -> print(worker, out));
            case JSON ->
                out.println(Json.text(workers.stream().map(WorkersCommand::json).toList()));
        }
        out.flush();
        return Main.OK;
    }

    private static void print(WorkerStatistics worker, PrintWriter out) {
        CacheStatistics cache = worker.getCache();
        long answered = cache.getExactMatchHits() + cache.getMegaflowHits() + cache.getMisses();
        out.printf("%s (%s)%n", worker.getName(), worker.hasCore() ? "core " + worker.getCore() : "any core");
        out.printf("  %-22s %,15d%n", "packets", worker.getPackets());
        out.printf("  %-22s %15s%n", "packets a burst", ratio(worker.getPackets(), worker.getBursts()));
        out.printf(
                "  %-22s %15s%n",
                "turns with work", share(worker.getTurns() - worker.getIdleTurns(), worker.getTurns()));
        out.printf(
                "  %-22s %,15d  %s%n",
                "exact-match hits", cache.getExactMatchHits(), share(cache.getExactMatchHits(), answered));
        out.printf(
                "  %-22s %,15d  %s%n",
                "megaflow hits", cache.getMegaflowHits(), share(cache.getMegaflowHits(), answered));
        out.printf("  %-22s %,15d  %s%n", "upcalls", cache.getMisses(), share(cache.getMisses(), answered));
        out.printf("  %-22s %,15d  in %d masks%n", "megaflows", cache.getMegaflows(), cache.getMasks());
        out.printf(
                "  %-22s %15s%n",
                "masks tried a look-up", ratio(cache.getMasksTried(), cache.getMegaflowHits() + cache.getMisses()));
        out.printf("  %-22s %,15d%n", "cache overflows", cache.getOverflows());
    }

    private static Map<String, Object> json(WorkerStatistics worker) {
        CacheStatistics cache = worker.getCache();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", worker.getName());
        json.put("core", worker.hasCore() ? worker.getCore() : null);
        json.put("packets", worker.getPackets());
        json.put("bursts", worker.getBursts());
        json.put("turns", worker.getTurns());
        json.put("idle_turns", worker.getIdleTurns());
        json.put("exact_match_hits", cache.getExactMatchHits());
        json.put("megaflow_hits", cache.getMegaflowHits());
        json.put("upcalls", cache.getMisses());
        json.put("megaflows", cache.getMegaflows());
        json.put("masks", cache.getMasks());
        json.put("masks_tried", cache.getMasksTried());
        json.put("overflows", cache.getOverflows());
        return json;
    }

    private static String ratio(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.2f", (double) part / whole);
    }

    private static String share(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }
}
