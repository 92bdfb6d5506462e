// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.testing;

import io.makas.dataplane.sys.NetNamespace;
import java.util.List;

/** Runs another program, which must succeed. */
public final class TestCommand {

    private TestCommand() {}

    /** Runs it in a namespace. Returns what it wrote, errors included. */
    public static String runIn(NetNamespace namespace, String... command) throws Exception {
        Process process = namespace.call(
                () -> new ProcessBuilder(command).redirectErrorStream(true).start());
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new AssertionError(List.of(command) + " failed: " + said);
        }
        return said;
    }
}
