// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which CPU does what in a measurement. With three CPUs or more the switch's worker has one for itself; with two it
 * shares its CPU with the second end of {@link Placement#CROSS_CORE}; with one there is no such placement.
 *
 * @param first CPU of the first end, and of both in {@link Placement#SAME_CORE}
 * @param second CPU of the second end in {@link Placement#CROSS_CORE}; empty on a machine with one CPU
 * @param worker CPU of the switch's worker
 */
public record Cores(int first, OptionalInt second, int worker) {

    /** Chooses among the CPUs that this process may use. */
    public static Cores choose(List<Integer> cpus) {
        if (cpus.isEmpty()) {
            throw new IllegalArgumentException("no CPU to run on");
        }
        return new Cores(
                cpus.getFirst(), cpus.size() > 1 ? OptionalInt.of(cpus.get(1)) : OptionalInt.empty(), cpus.getLast());
    }

    /** The placements that this machine can have. */
    public List<Placement> placements() {
        List<Placement> possible = new ArrayList<>(List.of(Placement.values()));
        if (second.isEmpty()) {
            possible.remove(Placement.CROSS_CORE);
        }
        return List.copyOf(possible);
    }

    /** A command of the first end, turned into one that runs where the placement says. */
    public List<String> firstEnd(Placement placement, List<String> command) {
        return switch (placement) {
            case SAME_CORE, CROSS_CORE -> pinned(first, command);
            case FREE -> command;
        };
    }

    /** A command of the second end, turned into one that runs where the placement says. */
    public List<String> secondEnd(Placement placement, List<String> command) {
        return switch (placement) {
            case SAME_CORE -> pinned(first, command);
            case CROSS_CORE -> pinned(second.orElseThrow(), command);
            case FREE -> command;
        };
    }

    /** The placement in words, the switch's worker included. */
    public String describe(Placement placement) {
        String ends = switch (placement) {
            case SAME_CORE -> "both ends on CPU " + first;
            case CROSS_CORE -> "ends on CPUs " + first + " and " + second.orElseThrow();
            case FREE -> "ends wherever the scheduler puts them";
        };
        return ends + ", switch worker on CPU " + worker;
    }

    private static List<String> pinned(int cpu, List<String> command) {
        List<String> pinned = new ArrayList<>(List.of("taskset", "--cpu-list", Integer.toString(cpu)));
        pinned.addAll(command);
        return pinned;
    }
}
