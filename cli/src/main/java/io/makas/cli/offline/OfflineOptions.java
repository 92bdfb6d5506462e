// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import picocli.CommandLine.Option;

/** The options of {@code makas trace --offline}. Filled by picocli. */
public final class OfflineOptions {

    @Option(
            names = "--offline",
            description = "Use a switch in memory, with the flows and ports given here; needs no root.")
    boolean isOffline;

    @Option(names = "--flows", paramLabel = "FILE", description = "Flows, one a line.")
    String flows;

    @Option(names = "--groups", paramLabel = "FILE", description = "Groups, one a line.")
    String groups;

    @Option(names = "--meters", paramLabel = "FILE", description = "Meters, one a line.")
    String meters;

    @Option(names = "--ports", paramLabel = "1,2,…", description = "Numbers of the ports, all up.")
    String ports;

    @Option(
            names = "--packets",
            paramLabel = "FILE|-",
            description = {
                "Packets, one a line:",
                "{\"in_port\":1,\"packet\":\"<hex>\",\"time_ms\":0}",
                "Flows, counters, timeouts and learned addresses go on from one to the next; time_ms is a clock that begins at 0."
            })
    String packets;

    @Option(
            names = "--cases",
            paramLabel = "FILE|-",
            description = {
                "Many small switches, one a line:",
                "{\"ports\":[1,2],\"groups\":[],\"meters\":[],\"flows\":[\"<text>\",…],\"packets\":[…]}"
            })
    String cases;

    @Option(
            names = "--dump-flows",
            paramLabel = "FILE",
            description = "Write the flows with their counters here, after the last packet.")
    String dumpFlows;

    @Option(
            names = "--verbose",
            description = "With --json: tell how each result came about, too, in a member \"traces\".")
    boolean isVerbose;
}
