// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.cli.demo.DemoCommand;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code makas}: the commands there are, and the socket that most of them need. */
@Command(
        name = "makas",
        description = "Programs and questions a Makas switch.",
        mixinStandardHelpOptions = true,
        versionProvider = MakasCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            FlowCommand.class,
            GroupCommand.class,
            MeterCommand.class,
            PortCommand.class,
            TraceCommand.class,
            StatsCommand.class,
            DropsCommand.class,
            WorkersCommand.class,
            DemoCommand.class
        },
        footerHeading = "%nCommands that run by themselves:%n",
        footer = {
            "  switch   Run the switch in the foreground (makas switch --help).",
            "  bench    Measure it (makas bench --help).",
            "  build    Build everything, without tests.",
            "  test     Build, then run every test."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the switch refused, or could not be reached", "2:wrong arguments"})
final class MakasCommand {

    @Option(
            names = "--socket",
            scope = ScopeType.INHERIT,
            paramLabel = "PATH",
            defaultValue = "${MAKAS_SOCKET:-/run/makas/makas.sock}",
            description = "Unix socket of the switch (or environment variable MAKAS_SOCKET; now: ${DEFAULT-VALUE}).")
    private Path socket;

    /** A client of the switch that was asked for. The caller closes it. */
    SwitchClient connect() {
        return SwitchClient.of(socket);
    }

    /** Tells picocli the version. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = MakasCommand.class.getPackage().getImplementationVersion();
            return new String[] {"makas " + (version == null ? "development" : version) + ", API makas.v1"};
        }
    }
}
