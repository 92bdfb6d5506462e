// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code makas demo}. */
@Command(
        name = "demo",
        description = {
            "Shows the switch at work: starts it, wires two containers by its CNI plugin, programs flows over gRPC,",
            "proves that flows decide what passes, and measures it beside a Linux bridge.",
            "Needs root. Takes less than three minutes and removes everything that it makes."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:every check passed", "1:a check or something else failed, which is said", "2:wrong usage"})
public final class DemoCommand implements Callable<Integer> {

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report to this file, too.")
    private Path json;

    @Option(
            names = "--output",
            paramLabel = "FOLDER",
            description = "Where report.json and latency.svg go (default: target/demo in the checkout).")
    private Path output;

    @Option(names = "--quick", description = "One round of measurements instead of the median of three.")
    private boolean quick;

    @Override
    public Integer call() {
        Screen screen = Screen.onStandardOutput();
        if (!root()) {
            screen.error("the demo makes network namespaces and needs root; try: sudo ./makas demo");
            return 1;
        }
        Path home = Path.of(Optional.ofNullable(System.getenv("MAKAS_HOME")).orElse("."))
                .toAbsolutePath()
                .normalize();
        if (!Files.isExecutable(home.resolve("makas")) || !Files.isDirectory(home.resolve("deploy"))) {
            screen.error("'" + home + "' is not a checkout of Makas; start the demo as ./makas demo in one,"
                    + " or set MAKAS_HOME");
            return 1;
        }
        Path folder = output == null ? home.resolve("target/demo") : output;
        return Demo.run(screen, new Demo.Options(home, folder, quick, Optional.ofNullable(json)));
    }

    /** The owner of a process's directory is the user whose rights it has. */
    private static boolean root() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            return false;
        }
    }
}
