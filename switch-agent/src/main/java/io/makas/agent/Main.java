// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

/** Starts the switch. */
public final class Main {
    private Main() {}

    /** Entry point, called by the launcher. */
    public static void main(String[] args) {
        System.err.println("makas: the switch cannot do anything yet");
        System.exit(1);
    }
}
