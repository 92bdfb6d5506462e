// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import io.makas.cli.demo.host.Shell;
import io.makas.cli.demo.measure.Pair;
import java.time.Duration;
import java.util.List;

/** Echo requests from the first container of a pair to the second. */
final class Ping {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Ping() {}

    /** Sends so many and says whether all were answered. */
    static boolean answered(Shell shell, Pair pair, int count) {
        String number = Integer.toString(count);
        List<String> ping = List.of("ping", "-n", "-q", "-c", number, "-i", "0.2", "-W", "1", pair.serverAddress());
        Shell.Output output = shell.tryRun(PATIENCE, pair.client().inside(ping));
        return output.ok() && output.text().contains(" " + count + " received");
    }
}
