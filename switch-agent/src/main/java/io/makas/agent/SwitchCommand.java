// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

import io.makas.agent.config.ConfigException;
import io.makas.agent.config.ConfigFile;
import io.makas.agent.config.ConfigOptions;
import io.makas.agent.config.SwitchConfig;
import io.makas.agent.log.Log;
import io.makas.agent.log.LogWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code makas switch}: runs a switch in the foreground until it is told to stop.
 *
 * <p>Thread: main's.
 */
@Command(
        name = "makas switch",
        description =
                "Runs a switch in the foreground. Prints 'ready' on standard output when it serves, logs to standard "
                        + "error, and stops on SIGTERM or Ctrl-C, leaving nothing behind.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        versionProvider = SwitchCommand.Version.class,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:stopped as it was told to", "1:could not start; the message says why", "2:wrong options"})
final class SwitchCommand implements Callable<Integer> {

    private static final Log LOG = Log.of("agent");

    private final CountDownLatch stop;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Configuration in YAML; --print-config prints one with every key explained. Options win over it.")
    private Path configFile;

    @Option(names = "--print-config", description = "Print the commented default configuration, and end.")
    private boolean printConfig;

    @Mixin
    private ConfigOptions options;

    /**
     * Makes the command.
     *
     * @param stop counted down when the switch is to stop
     */
    SwitchCommand(CountDownLatch stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (printConfig) {
            out.print(ConfigFile.documentation());
            out.flush();
            return 0;
        }
        SwitchConfig config;
        try {
            SwitchConfig file = configFile == null ? SwitchConfig.defaults() : ConfigFile.read(configFile);
            config = options.applyTo(file);
        } catch (ConfigException e) {
            return fail(e.getMessage());
        }
        Log.install(new LogWriter(System.err, config.log(), InstantSource.system()));
        try (SwitchProcess process = SwitchProcess.start(config)) {
            out.println("ready");
            out.flush();
            while (!stop.await(1, TimeUnit.SECONDS)) {
                Throwable failure = process.datapath().failure();
                if (failure != null) {
                    // Whoever supervises the process starts it anew; a switch that only answers questions helps nobody.
                    return fail("the worker stopped by itself, nothing is carried any more: " + failure
                            + "; the log has the details");
                }
            }
            LOG.info("stopping");
        } catch (StartException e) {
            return fail(e.getMessage());
        }
        LOG.info("stopped");
        return 0;
    }

    private int fail(String message) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("makas switch: " + message);
        err.flush();
        return 1;
    }

    /** Tells picocli the version. */
    static final class Version implements picocli.CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"makas " + SwitchProcess.version()};
        }
    }
}
