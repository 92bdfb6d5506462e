// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

/** On which CPUs the two ends of a measurement run. */
public enum Placement {
    /** Both ends on one CPU. */
    SAME_CORE("same-core"),
    /** Each end on a CPU of its own. */
    CROSS_CORE("cross-core"),
    /** Wherever the kernel's scheduler puts the ends. */
    FREE("free");

    private final String label;

    Placement(String label) {
        this.label = label;
    }

    /** The word for it in reports. */
    public String label() {
        return label;
    }
}
