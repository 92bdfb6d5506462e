// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

/** Starts the command line. */
public final class Main {
    private Main() {}

    /** Entry point, called by the launcher. */
    public static void main(String[] args) {
        System.err.println("makas: the command line cannot do anything yet");
        System.exit(1);
    }
}
