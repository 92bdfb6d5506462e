// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.config;

import io.makas.agent.config.SwitchConfig.Workers;
import io.makas.dataplane.worker.AutoRebalance;
import io.makas.dataplane.worker.WorkersConfig;
import java.util.List;
import java.util.Optional;

/** Reads the section {@code workers:}. Runs on the main thread; holds nothing. */
final class WorkersReader {

    private static final int HIGHEST_CORE = 1023;
    private static final int LONGEST_US = 10_000_000;
    private static final int LONGEST_INTERVAL_S = 86_400;
    private static final long MS_IN_S = 1_000;

    private WorkersReader() {}

    static Workers read(Section section, Workers otherwise) {
        List<Integer> cores = section.integers("cores", otherwise.cores(), 0, HIGHEST_CORE);
        var workers = new Workers(
                cores,
                section.integer("count", otherwise.count(), 1, WorkersConfig.MAX_WORKERS),
                section.oneOf("idle", otherwise.idle()),
                optional(section, "spin-us", 0),
                optional(section, "longest-sleep-us", 1),
                section.oneOf("assignment", otherwise.assignment()),
                section.truth("isolation", otherwise.isIsolating()),
                rebalance(section.section("rebalance"), otherwise.rebalance()));
        try {
            workers.forDatapath();
        } catch (IllegalArgumentException e) {
            throw section.refuse("cores", e.getMessage());
        }
        section.end();
        return workers;
    }

    private static Optional<Integer> optional(Section section, String key, int least) {
        if (section.isWord(key, "auto")) {
            return Optional.empty();
        }
        int number = section.integer(key, -1, least, LONGEST_US);
        return number < 0 ? Optional.empty() : Optional.of(number);
    }

    private static AutoRebalance rebalance(Section section, AutoRebalance otherwise) {
        var rebalance = new AutoRebalance(
                section.truth("enabled", otherwise.isEnabled()),
                section.integer("load-threshold", otherwise.loadThresholdPercent(), 1, 100),
                section.integer("improvement-threshold", otherwise.improvementThresholdPercent(), 0, 100),
                MS_IN_S
                        * section.integer(
                                "interval-s", (int) (otherwise.intervalMs() / MS_IN_S), 1, LONGEST_INTERVAL_S));
        section.end();
        return rebalance;
    }
}
