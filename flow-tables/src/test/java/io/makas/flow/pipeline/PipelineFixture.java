// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.table.PipelineMod;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import io.makas.flow.text.GroupText;
import io.makas.flow.text.MeterText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A pipeline with ports 1 to 4, a clock of its own, and flows and packets as text. */
class PipelineFixture {

    static final int PACKET_BYTES = 100;

    long nowNs = 1_000_000_000_000L;
    final Pipeline pipeline = new Pipeline(() -> nowNs, 1_000);

    PipelineFixture() {
        pipeline.setPorts(List.of(new PortState(1), new PortState(2), new PortState(3), new PortState(4)));
    }

    /** Carries out edits; all must be right. */
    final List<FlowRemoved> edit(String... edits) {
        try {
            return pipeline.apply(mods(edits));
        } catch (FlowModException e) {
            throw new AssertionError("edit " + e.index() + ": " + e.getMessage(), e);
        }
    }

    /** Carries out edits one of which must be wrong. */
    final FlowModException refused(String... edits) {
        return assertThrows(FlowModException.class, () -> pipeline.apply(mods(edits)));
    }

    /** What is done with a packet; it is counted. */
    final String send(String packet) {
        Translation translation = pipeline.translate(key(packet));
        pipeline.credit(translation, 1, PACKET_BYTES, nowNs);
        DropReason reason = translation.program().dropReason();
        return reason == null ? FlowText.format(translation.program()) : reason.label();
    }

    /** The bits of a packet that decide what is done with it. */
    final String megaflow(String packet) {
        return pipeline.trace(key(packet)).megaflowText();
    }

    /** The flows as text, each behind its packet count. */
    final List<String> dump() {
        List<String> flows = new ArrayList<>();
        for (FlowStatistics flow : flows()) {
            flows.add(flow.packets() + " " + FlowText.formatIdentity(flow.priority(), flow.match()) + " "
                    + FlowText.format(flow.instructions()));
        }
        return flows;
    }

    final List<FlowStatistics> flows() {
        return pipeline.flows(FlowFilter.ALL);
    }

    final void passSeconds(double seconds) {
        nowNs += (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    static long[] key(String packet) {
        try {
            return FlowText.parseKey(packet);
        } catch (FlowTextException e) {
            throw new AssertionError(packet + " column " + e.column() + ": " + e.getMessage(), e);
        }
    }

    /** Edits of flows, and, behind the words group and meter, of groups and meters. */
    static List<PipelineMod> mods(String... edits) {
        List<PipelineMod> mods = new ArrayList<>();
        for (String edit : edits) {
            try {
                mods.add(
                        edit.startsWith("group ")
                                ? GroupText.parse(edit.substring(6))
                                : edit.startsWith("meter ")
                                        ? MeterText.parse(edit.substring(6))
                                        : FlowText.parse(edit));
            } catch (FlowTextException e) {
                throw new AssertionError(edit + " column " + e.column() + ": " + e.getMessage(), e);
            }
        }
        return mods;
    }
}
