// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import io.makas.bench.guest.FrameCheck;
import io.makas.bench.traffic.ArrivalCheck;
import io.makas.bench.traffic.FlowSet;
import io.makas.bench.traffic.FrameTemplate;
import io.makas.bench.traffic.PacketStream;
import io.makas.bench.traffic.RuleFlows;
import io.makas.bench.traffic.RuleText;
import io.makas.bench.traffic.TraceFile;
import io.makas.flow.packet.MacAddress;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Everything that is sent in a measurement, made beforehand.
 *
 * @param rules by which it is forwarded
 * @param there frames from port 1 to port 2
 * @param back frames from port 2 to port 1
 * @param flows the flows from port 1 to port 2
 * @param stream these in the order of their packets
 * @param check what to see in frames that arrive at port 2
 * @param distinct how many of the flows are different
 */
record Traffic(
        RuleText rules,
        FrameTemplate there,
        FrameTemplate back,
        FlowSet flows,
        PacketStream stream,
        FrameCheck check,
        int distinct)
        implements AutoCloseable {

    /** Address of the guest at port 1. */
    static final String FIRST_MAC = "02:00:00:00:00:0a";

    /** Address of the guest at port 2. */
    static final String SECOND_MAC = "02:00:00:00:00:0b";

    /** Makes it. {@code trace} is a file of flows, or null. */
    static Traffic of(VhostOptions options, RuleText rules, Path trace) throws IOException {
        FrameTemplate there =
                new FrameTemplate(FIRST_MAC, SECOND_MAC, options.peer().frameBytes());
        FrameTemplate back =
                new FrameTemplate(SECOND_MAC, FIRST_MAC, options.peer().frameBytes());
        FlowSet flows = trace == null ? ofRules(options, rules) : ofTrace(options, trace);
        int[] order = options.order().indices(flows.count(), options.seed());
        PacketStream stream = new PacketStream(flows, there, order);
        ArrivalCheck check = new ArrivalCheck(there.frame(flows.flow(0)), rules, options.seed());
        return new Traffic(rules, there, back, flows, stream, check, flows.distinct());
    }

    private static FlowSet ofRules(VhostOptions options, RuleText rules) {
        long first = MacAddress.of(FIRST_MAC).bits();
        long second = MacAddress.of(SECOND_MAC).bits();
        return new RuleFlows(rules.mods(), first, second, options.seed()).flows(options.flows());
    }

    private static FlowSet ofTrace(VhostOptions options, Path trace) throws IOException {
        FlowSet flows = TraceFile.read(trace);
        if (options.flows() > flows.count()) {
            throw new IllegalArgumentException("--flows " + options.flows() + " is more than the " + flows.count()
                    + " records of trace '" + trace + "'");
        }
        return options.flows() == 0 ? flows : flows.first(options.flows());
    }

    /** A frame from the guest at port 2 to the one at port 1. */
    byte[] answer() {
        return back.frame(flows.flow(0).reversed());
    }

    /** A frame from the guest at port 1 to the one at port 2. */
    byte[] frame() {
        return there.frame(flows.flow(0));
    }

    /** The answers to all packets, in the same order. */
    PacketStream answers(VhostOptions options) {
        return new PacketStream(flows.reversed(), back, options.order().indices(flows.count(), options.seed()));
    }

    @Override
    public void close() {
        stream.close();
    }
}
