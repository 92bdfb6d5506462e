// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.LearnSpec;
import io.makas.flow.action.LearnSpec.Part;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import io.makas.flow.match.MatchException;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.FlowFlag;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.Learning;
import io.makas.flow.text.FlowText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Learns flows from packets (ovs-actions(7), "The learn action"), and notes when they end.
 *
 * <p>The flow is made of the packet as it is now, and of bits that the walk thereby depends on; walks that begin afterwards find
 * it. The answer depends on that the flow stays: when it goes or changes, the next packet learns it again. Each packet that a
 * cached answer serves shows the flow to be in use, by {@link Credits}. Where nothing could be learned for now, the answer is
 * for this packet alone, and the next one tries again. A walk that is only watched (a trace) learns nothing.
 *
 * <p>For one walk, on one thread.
 */
final class Learner {

    /** FIN and RST among the TCP flags (RFC 9293 §3.1). */
    private static final MaskedValue TCP_FIN_RST = MaskedValue.masked(0x01 | 0x04, 0x01 | 0x04);

    private final WalkContext walk;
    private final PacketRewriter rewriter;

    Learner(WalkContext walk, PacketRewriter rewriter) {
        this.walk = walk;
        this.rewriter = rewriter;
    }

    /** Learns what an action says; answers what is remarkable about that, for people. */
    String learn(LearnSpec spec) {
        FlowMod.Add flow;
        try {
            flow = flow(spec);
        } catch (MatchException e) {
            return walk.remark("not done: ", e.getMessage());
        }
        boolean isWithinLimit;
        String remark;
        if (walk.observer != null) {
            isWithinLimit = walk.view.tables().isLearnable(flow, spec.limit());
            remark = isWithinLimit ? FlowText.format(flow) : "not done: limit " + spec.limit() + " is reached";
        } else {
            Learning learning = walk.view
                    .tables()
                    .learn(flow, spec.limit(), walk.view.clockNs().getAsLong());
            isWithinLimit = switch (learning.outcome()) {
                case LEARNED -> {
                    walk.footprint.learned(learning.entry());
                    yield walk.uses.add(new Use.Learned(learning.entry()));
                }
                case LIMIT_REACHED -> {
                    walk.footprint.anything();
                    yield false;
                }
                case REFUSED -> {
                    walk.footprint.anything();
                    yield true;
                }
                case LATER -> {
                    walk.isForThisPacketAlone = true;
                    yield true;
                }
            };
            remark = "";
        }
        if (spec.resultTo() != null) {
            rewriter.write(spec.resultTo(), new RangeBits(0, isWithinLimit ? 1 : 0));
        }
        return remark;
    }

    /**
     * Has a flow's timeouts shortened if the packet ends a TCP connection.
     *
     * @param flow null if that is not known, since the walk was interrupted
     */
    String endOfTcp(FlowEntry flow, int idleTimeoutS, int hardTimeoutS) {
        boolean isEnd = walk.key.has(Prerequisite.TCP)
                && walk.key.read(Field.TCP_FLAGS, TCP_FIN_RST).low() != 0;
        if (!isEnd || flow == null) {
            return walk.remark(
                    "not done: ", isEnd ? "the packet was looked at again" : "the packet ends no connection");
        }
        walk.uses.add(new Use.TcpEnd(flow, idleTimeoutS, hardTimeoutS));
        return "";
    }

    private FlowMod.Add flow(LearnSpec spec) {
        Map<Field, MaskedValue> match = new EnumMap<>(Field.class);
        List<Action> actions = new ArrayList<>();
        if (spec.finIdleTimeoutS() != 0 || spec.finHardTimeoutS() != 0) {
            actions.add(new Action.FinTimeout(spec.finIdleTimeoutS(), spec.finHardTimeoutS()));
        }
        for (Part part : spec.parts()) {
            switch (part) {
                case Part.MatchValue(FieldRange to, MaskedValue value) -> addTo(match, to.field(), to.place(value));
                case Part.MatchField(FieldRange to, FieldRange from) ->
                    addTo(match, to.field(), read(from).in(to));
                case Part.LoadValue(FieldRange to, MaskedValue value) ->
                    actions.add(new Action.SetField(to.field(), to.place(value)));
                case Part.LoadField(FieldRange to, FieldRange from) ->
                    actions.add(new Action.SetField(to.field(), read(from).in(to)));
                case Part.OutputField(FieldRange port) ->
                    addOutput(actions, (int) read(port).low());
            }
        }
        Match.Builder builder = Match.builder();
        match.forEach(builder::set);
        return new FlowMod.Add(
                spec.table(),
                spec.priority(),
                builder.build(),
                Instructions.apply(actions),
                spec.cookie(),
                spec.idleTimeoutS(),
                spec.hardTimeoutS(),
                spec.sendFlowRemoved() ? Set.of(FlowFlag.SEND_FLOW_REM) : Set.of(),
                0);
    }

    private RangeBits read(FieldRange from) {
        return RangeBits.read(walk.key, from);
    }

    /** Adds bits to what the match wants of a field; bits that it wanted otherwise before are wanted so from now on. */
    private static void addTo(Map<Field, MaskedValue> match, Field field, MaskedValue bits) {
        match.merge(
                field,
                bits,
                (old, more) -> new MaskedValue(
                        old.high() & ~more.maskHigh() | more.high(),
                        old.low() & ~more.maskLow() | more.low(),
                        old.maskHigh() | more.maskHigh(),
                        old.maskLow() | more.maskLow()));
    }

    /** Adds an output to a port that the packet named; a number that is no port's is left out. */
    private static void addOutput(List<Action> actions, int port) {
        for (ReservedPort reserved : ReservedPort.values()) {
            if (reserved.number() == port) {
                if (reserved != ReservedPort.NORMAL) {
                    actions.add(new Action.OutputReserved(reserved));
                }
                return;
            }
        }
        if (port != 0 && Integer.compareUnsigned(port, Action.MAX_PORT) <= 0) {
            actions.add(new Action.Output(port));
        }
    }
}
