// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowFlag;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.text.FlowText;
import io.makas.v1.ControllerAction;
import io.makas.v1.DecTtlAction;
import io.makas.v1.DumpFlowsRequest.Text;
import io.makas.v1.FieldMatch;
import io.makas.v1.Flow;
import io.makas.v1.OutputAction;
import io.makas.v1.PopVlanAction;
import io.makas.v1.PushVlanAction;
import io.makas.v1.ResubmitAction;
import io.makas.v1.SetFieldAction;
import io.makas.v1.WriteMetadata;
import java.util.ArrayList;
import java.util.List;

/** Flows of flow-tables to messages. What {@link FlowRequestMapper} makes of the message is the same flow again. */
final class FlowReplyMapper {

    /** Fields that have other fields for parts: used only for what the parts cannot say. */
    private static final List<Field> WHOLES = List.of(Field.VLAN_TCI, Field.IP_TOS);

    private static final List<Field> FIELDS = fields();

    private FlowReplyMapper() {}

    /** A flow with its counters. */
    static io.makas.v1.FlowStatistics statistics(FlowStatistics statistics, boolean withFlow, Text text) {
        var message = io.makas.v1.FlowStatistics.newBuilder()
                .setPackets(statistics.packets())
                .setBytes(statistics.bytes())
                .setDurationNs(statistics.durationNs())
                .setIdleNs(statistics.idleNs())
                .setHardAgeNs(statistics.hardAgeNs());
        if (withFlow) {
            message.setFlow(flow(statistics));
        }
        switch (text) {
            case TEXT_LINE -> message.setText(FlowText.format(statistics));
            case TEXT_PARTS ->
                message.setMatchText(FlowText.format(statistics.match()))
                        .setActionsText(FlowText.format(statistics.instructions()));
            case TEXT_UNSPECIFIED, UNRECOGNIZED -> {}
        }
        return message.build();
    }

    private static Flow flow(FlowStatistics statistics) {
        return Flow.newBuilder()
                .setTable(statistics.table())
                .setPriority(statistics.priority())
                .setCookie(statistics.cookie())
                .addAllMatch(match(statistics.match()))
                .setInstructions(instructions(statistics.instructions()))
                .setIdleTimeoutS(statistics.idleTimeoutS())
                .setHardTimeoutS(statistics.hardTimeoutS())
                .setSendFlowRemoved(statistics.flags().contains(FlowFlag.SEND_FLOW_REM))
                .setCheckOverlap(statistics.flags().contains(FlowFlag.CHECK_OVERLAP))
                .setResetCounts(statistics.flags().contains(FlowFlag.RESET_COUNTS))
                .setNoPacketCounts(statistics.flags().contains(FlowFlag.NO_PKT_COUNTS))
                .setNoByteCounts(statistics.flags().contains(FlowFlag.NO_BYT_COUNTS))
                .setImportance(statistics.importance())
                .build();
    }

    private static List<FieldMatch> match(Match match) {
        long[] value = match.valueWords();
        long[] mask = match.mask().toWords();
        long[] rest = mask.clone();
        List<FieldMatch> messages = new ArrayList<>();
        for (Field field : FIELDS) {
            MaskedValue bits = MaskedValue.of(field, value, rest);
            boolean isSayable = field.maskable() || bits.isExact(field);
            if (!bits.isEmpty() && isSayable && field.prerequisite().isMet(value, mask)) {
                messages.add(FieldMatch.newBuilder()
                        .setField(field.text())
                        .setValue(FieldMapper.valueBytes(field, bits))
                        .setMask(FieldMapper.maskBytes(field, bits))
                        .build());
                clear(field, bits, rest);
            }
        }
        return messages;
    }

    private static void clear(Field field, MaskedValue bits, long[] rest) {
        if (field.widthBits() > 64) {
            rest[field.word()] = 0;
            rest[field.word() + 1] = 0;
        } else {
            rest[field.word()] &= ~(bits.maskLow() << field.shift());
        }
    }

    private static List<Field> fields() {
        List<Field> fields = new ArrayList<>(List.of(Field.values()));
        fields.removeAll(WHOLES);
        fields.addAll(WHOLES);
        return fields;
    }

    private static io.makas.v1.Instructions instructions(Instructions instructions) {
        var message = io.makas.v1.Instructions.newBuilder()
                .setMeter(instructions.meter())
                .setClearActions(instructions.clear());
        for (Action action : instructions.apply()) {
            message.addApplyActions(action(action));
        }
        for (Action action : instructions.write()) {
            message.addWriteActions(action(action));
        }
        if (instructions.metadataMask() != 0) {
            message.setWriteMetadata(
                    WriteMetadata.newBuilder().setValue(instructions.metadata()).setMask(instructions.metadataMask()));
        }
        if (instructions.gotoTable() != Instructions.NO_TABLE) {
            message.setGotoTable(instructions.gotoTable());
        }
        return message.build();
    }

    private static io.makas.v1.Action action(Action action) {
        var message = io.makas.v1.Action.newBuilder();
        switch (action) {
            case Action.Controller controller when !isPlain(controller) -> message.setText(FlowText.format(controller));
            case Action.Output output ->
                message.setOutput(OutputAction.newBuilder().setPort(output.port()));
            case Action.OutputReserved output ->
                message.setOutput(
                        OutputAction.newBuilder().setPort(output.port().number()));
            case Action.Controller controller -> {
                var sent = ControllerAction.newBuilder();
                if (controller.maxBytes() != Action.Controller.WHOLE_PACKET) {
                    sent.setMaxBytes(controller.maxBytes());
                }
                message.setController(sent);
            }
            case Action.SetField set ->
                message.setSetField(SetFieldAction.newBuilder()
                        .setField(set.field().text())
                        .setValue(FieldMapper.valueBytes(set.field(), set.value()))
                        .setMask(FieldMapper.maskBytes(set.field(), set.value())));
            case Action.PushVlan push ->
                message.setPushVlan(PushVlanAction.newBuilder().setEthertype(push.tpid()));
            case Action.PopVlan _ -> message.setPopVlan(PopVlanAction.getDefaultInstance());
            case Action.DecTtl _ -> message.setDecTtl(DecTtlAction.getDefaultInstance());
            case Action.Resubmit resubmit -> {
                var sent = ResubmitAction.newBuilder().setInPort(resubmit.inPort());
                if (resubmit.table() != Action.Resubmit.SAME_TABLE) {
                    sent.setTable(resubmit.table());
                }
                message.setResubmit(sent);
            }
            case Action other -> message.setText(FlowText.format(other));
        }
        return message.build();
    }

    private static boolean isPlain(Action.Controller controller) {
        return controller.equals(new Action.Controller(controller.maxBytes()));
    }
}
