// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import java.util.Arrays;
import java.util.stream.Collectors;

/** By what queues that nobody pinned are given to workers; as Open vSwitch's {@code pmd-rxq-assign}. */
public enum AssignmentPolicy {
    /** Each worker gets as many queues as the others. */
    ROUND_ROBIN("round-robin"),
    /** The busiest queues first, one for each worker up and then down again. */
    CYCLES("cycles"),
    /** The busiest queues first, each to the worker that has least to do by then. */
    GROUP("group");

    private final String label;

    AssignmentPolicy(String label) {
        this.label = label;
    }

    /** The policy's name in configuration and command line. */
    public String label() {
        return label;
    }

    /**
     * The policy of a name.
     *
     * @throws IllegalArgumentException when there is none, with the names that there are
     */
    public static AssignmentPolicy of(String label) {
        for (AssignmentPolicy policy : values()) {
            if (policy.label.equals(label)) {
                return policy;
            }
        }
        String names = Arrays.stream(values()).map(AssignmentPolicy::label).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("assignment '" + label + "' is none of " + names);
    }
}
