// SPDX-License-Identifier: Apache-2.0
package io.makas.bench;

import io.makas.bench.fastpath.FastPathCommand;
import io.makas.bench.ping.VhostPingCommand;
import io.makas.bench.tables.TablesCommand;
import io.makas.bench.vhost.ScaleCommand;
import io.makas.bench.vhost.VhostCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code makas bench}: measures whole paths through the switch beside a peer. */
@Command(
        name = "makas bench",
        description = "Measures the switch side by side with its peers.",
        mixinStandardHelpOptions = true,
        subcommands = {
            FastPathCommand.class,
            ScaleCommand.class,
            TablesCommand.class,
            VhostCommand.class,
            VhostPingCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class Main {

    private Main() {}

    /** Entry point, called by the launcher. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
