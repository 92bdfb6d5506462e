// SPDX-License-Identifier: Apache-2.0
package io.makas.bench;

/** Starts the benchmarks. */
public final class Main {
    private Main() {}

    /** Entry point, called by the launcher. */
    public static void main(String[] args) {
        System.err.println("makas: the benchmarks cannot do anything yet");
        System.exit(1);
    }
}
