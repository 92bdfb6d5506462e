// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which queues of a port are pinned to which workers, as Open vSwitch's {@code pmd-rxq-affinity}.
 *
 * @param cores the worker of a queue by queue number: its core, or the worker's number where workers are not pinned
 */
public record QueueAffinity(Map<Integer, Integer> cores) {

    /** No queue is pinned. */
    public static final QueueAffinity NONE = new QueueAffinity(Map.of());

    private static final int HIGHEST = 65_535;

    /** Checks the numbers. */
    public QueueAffinity {
        cores = Map.copyOf(cores);
        cores.forEach((queue, core) -> {
            if (queue < 0 || queue > HIGHEST || core < 0 || core > HIGHEST) {
                throw new IllegalArgumentException(
                        "queue affinity " + queue + ":" + core + " is not of numbers from 0 to " + HIGHEST);
            }
        });
    }

    /**
     * Reads {@code queue:core,queue:core…}, e.g. {@code 0:3,1:7}; nothing for none.
     *
     * @throws IllegalArgumentException when it is something else, with the part that is wrong
     */
    public static QueueAffinity parse(String text) {
        Map<Integer, Integer> cores = new TreeMap<>();
        for (String pair : text.isBlank() ? new String[0] : text.split(",", -1)) {
            String[] parts = pair.strip().split(":", -1);
            try {
                if (parts.length != 2 || !parts[0].matches("[0-9]{1,5}") || !parts[1].matches("[0-9]{1,5}")) {
                    throw new NumberFormatException();
                }
                if (cores.put(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])) != null) {
                    throw new IllegalArgumentException(
                            "queue affinity '" + text + "' names queue " + parts[0] + " twice");
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "queue affinity '" + pair + "' is not queue:core, e.g. 0:3 or 0:3,1:7", e);
            }
        }
        return new QueueAffinity(cores);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return new TreeMap<>(cores)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + ":" + entry.getValue())
                        .collect(Collectors.joining(","));
    }
}
