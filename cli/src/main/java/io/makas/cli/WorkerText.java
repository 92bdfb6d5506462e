// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.CacheStatistics;
import io.makas.v1.StageTime;
import io.makas.v1.TimeDistribution;
import io.makas.v1.WorkerQueue;
import io.makas.v1.WorkerStatistics;
import io.makas.v1.WorkerTimes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is told of a worker, for people and as JSON. */
final class WorkerText {

    private static final double NS_IN_US = 1_000;

    private WorkerText() {}

    static String text(WorkerStatistics worker) {
        CacheStatistics cache = worker.getCache();
        WorkerTimes times = worker.getTimes();
        long allNs = times.getBusyNs() + times.getIdleNs() + times.getRestedNs();
        long answered = cache.getExactMatchHits() + cache.getMegaflowHits() + cache.getMisses();
        StringBuilder text = new StringBuilder();
        text.append(worker.getName())
                .append(worker.hasCore() ? " (core " + worker.getCore() + ")" : " (any core)")
                .append(worker.getFailure().isEmpty() ? "" : ", stopped: " + worker.getFailure())
                .append('\n');
        line(text, "packets", number(worker.getPackets()), "");
        line(text, "packets a burst", ratio(worker.getPackets(), worker.getBursts()), "");
        line(
                text,
                "time",
                share(times.getBusyNs(), allNs) + " busy",
                share(times.getIdleNs(), allNs) + " polling, " + share(times.getRestedNs(), allNs) + " at rest");
        line(text, "busy ns a packet", ratio(times.getBusyNs(), worker.getPackets()), "");
        TimeDistribution turns = times.getTurns();
        line(
                text,
                "turn",
                us(turns.getP50Ns()) + " us",
                "p99 " + us(turns.getP99Ns()) + ", longest " + us(turns.getLongestNs()) + "; " + times.getStalls()
                        + " stalls");
        line(text, "exact-match hits", number(cache.getExactMatchHits()), share(cache.getExactMatchHits(), answered));
        line(text, "megaflow hits", number(cache.getMegaflowHits()), share(cache.getMegaflowHits(), answered));
        line(text, "upcalls", number(cache.getMisses()), share(cache.getMisses(), answered));
        TimeDistribution walks = worker.getWalks();
        line(
                text,
                "walk",
                us(walks.getP50Ns()) + " us",
                "p99 " + us(walks.getP99Ns()) + ", longest " + us(walks.getLongestNs()));
        line(text, "megaflows", number(cache.getMegaflows()), "in " + cache.getMasks() + " masks");
        line(
                text,
                "masks tried a look-up",
                ratio(cache.getMasksTried(), cache.getMegaflowHits() + cache.getMisses()),
                "");
        line(text, "megaflows evicted", number(cache.getEvictions()), "");
        line(
                text,
                "handed over",
                number(worker.getHandedOver()),
                worker.getHandOffsRefused() == 0 ? "" : number(worker.getHandOffsRefused()) + " found no room");
        stages(text, worker);
        queues(text, worker);
        return text.toString();
    }

    static Map<String, Object> json(WorkerStatistics worker) {
        CacheStatistics cache = worker.getCache();
        WorkerTimes times = worker.getTimes();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", worker.getName());
        json.put("core", worker.hasCore() ? worker.getCore() : null);
        json.put("failure", worker.getFailure().isEmpty() ? null : worker.getFailure());
        json.put("packets", worker.getPackets());
        json.put("bursts", worker.getBursts());
        json.put("turns", worker.getTurns());
        json.put("idle_turns", worker.getIdleTurns());
        json.put("busy_ns", times.getBusyNs());
        json.put("idle_ns", times.getIdleNs());
        json.put("rested_ns", times.getRestedNs());
        json.put("rests", times.getRests());
        json.put("turn_ns", json(times.getTurns()));
        json.put("stalls", times.getStalls());
        json.put("cycles_per_ns", times.getCyclesPerNs());
        json.put("exact_match_hits", cache.getExactMatchHits());
        json.put("megaflow_hits", cache.getMegaflowHits());
        json.put("upcalls", cache.getMisses());
        json.put("walk_ns", json(worker.getWalks()));
        json.put("megaflows", cache.getMegaflows());
        json.put("masks", cache.getMasks());
        json.put("masks_tried", cache.getMasksTried());
        json.put("evictions", cache.getEvictions());
        json.put("handed_over", worker.getHandedOver());
        json.put("hand_offs_refused", worker.getHandOffsRefused());
        json.put("timed_bursts", worker.getTimedBursts());
        json.put("timed_packets", worker.getTimedPackets());
        Map<String, Object> stages = new LinkedHashMap<>();
        worker.getStagesList().forEach(stage -> stages.put(stage.getStage(), stage.getNs()));
        json.put("stage_ns", stages);
        List<Object> queues = new ArrayList<>();
        worker.getQueuesList().forEach(queue -> queues.add(json(queue)));
        json.put("queues", queues);
        return json;
    }

    private static Map<String, Object> json(TimeDistribution times) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("count", times.getCount());
        json.put("total", times.getTotalNs());
        json.put("p50", times.getP50Ns());
        json.put("p99", times.getP99Ns());
        json.put("p999", times.getP999Ns());
        json.put("longest", times.getLongestNs());
        return json;
    }

    private static Map<String, Object> json(WorkerQueue queue) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("port", queue.getPort());
        json.put("queue", queue.getQueue());
        json.put("pinned", queue.getPinned());
        json.put("packets", queue.getPackets());
        json.put("busy_ns", queue.getBusyNs());
        return json;
    }

    private static void stages(StringBuilder text, WorkerStatistics worker) {
        if (worker.getTimedPackets() == 0) {
            return;
        }
        double rate = worker.getTimes().getCyclesPerNs();
        double packets = worker.getTimedPackets();
        long sum = worker.getStagesList().stream().mapToLong(StageTime::getNs).sum();
        text.append(String.format("  %-22s %18s%9s%9s%n", "STAGE", "NS/PACKET", "CYCLES", "SHARE"));
        for (StageTime stage : worker.getStagesList()) {
            text.append(stage(stage.getStage(), stage.getNs() / packets, rate, share(stage.getNs(), sum)));
        }
        text.append(stage("all", sum / packets, rate, ""));
    }

    private static String stage(String name, double ns, double rate, String share) {
        String cycles = rate == 0 ? "-" : String.format(Locale.ROOT, "%.0f", ns * rate);
        return String.format(Locale.ROOT, "  %-22s %18.1f%9s%9s", name, ns, cycles, share)
                        .stripTrailing()
                + '\n';
    }

    private static void queues(StringBuilder text, WorkerStatistics worker) {
        if (worker.getQueuesCount() == 0) {
            return;
        }
        long busyNs = worker.getQueuesList().stream()
                .mapToLong(WorkerQueue::getBusyNs)
                .sum();
        // Names may be long, so they come last.
        text.append(String.format("  %-22s %18s%9s  %s%n", "SHARE OF PACKETS' TIME", "PACKETS", "PINNED", "QUEUE"));
        for (WorkerQueue queue : worker.getQueuesList()) {
            text.append(String.format(
                    "  %-22s %18s%9s  %s %d%n",
                    share(queue.getBusyNs(), busyNs),
                    number(queue.getPackets()),
                    queue.getPinned() ? "yes" : "no",
                    queue.getPort(),
                    queue.getQueue()));
        }
    }

    private static void line(StringBuilder text, String name, String value, String more) {
        text.append(String.format("  %-22s %18s  %s", name, value, more).stripTrailing())
                .append('\n');
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String us(long ns) {
        return String.format(Locale.ROOT, "%.1f", ns / NS_IN_US);
    }

    private static String ratio(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.2f", (double) part / whole);
    }

    private static String share(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }
}
