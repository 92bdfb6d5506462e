// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.match.Match;
import io.makas.flow.match.MatchException;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowFlag;
import io.makas.flow.table.FlowMod;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import io.makas.v1.DumpFlowsRequest;
import io.makas.v1.FieldMatch;
import io.makas.v1.Flow;
import io.makas.v1.FlowEdit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Flows as clients write them, to the records of flow-tables. Refuses what the records cannot say; whether an edit can be is
 * the pipeline's to judge.
 */
final class FlowRequestMapper {

    private static final int HIGHEST_TABLE = 254;
    private static final int MAX_16_BITS = 0xffff;
    private static final int MAX_ACTION_TEXT = 64 << 10;
    private static final int CONTROLLER_PORT = 0xfffffffd;

    private FlowRequestMapper() {}

    /** An edit. */
    static FlowMod flowMod(FlowEdit edit) throws EditException {
        return switch (edit.getWhatCase()) {
            case FLOW -> flowMod(edit, edit.getFlow());
            case TEXT -> FlowTextMapper.flowMod(edit);
            case WHAT_NOT_SET ->
                throw new EditException("bad_request", "an edit without a flow; give it as 'flow' or as 'text'");
        };
    }

    /** Which flows to list. */
    static FlowFilter filter(DumpFlowsRequest request) throws EditException {
        if (!request.getFilter().isEmpty()) {
            return FlowTextMapper.filter(request.getFilter());
        }
        int table = request.hasTable() ? table(request.getTable()) : FlowFilter.ALL_TABLES;
        return new FlowFilter(
                table,
                match(request.getMatchList()),
                FlowFilter.NOT_STRICT,
                request.getCookie(),
                request.getCookieMask(),
                outPort(request.getOutPort()));
    }

    private static FlowMod flowMod(FlowEdit edit, Flow flow) throws EditException {
        boolean delete = edit.getCommand() == FlowEdit.Command.COMMAND_DELETE
                || edit.getCommand() == FlowEdit.Command.COMMAND_DELETE_STRICT;
        if (edit.getAllTables() && !delete) {
            throw new EditException("bad_table_id", "all_tables goes with deletion only; give flow.table");
        }
        if (edit.getOutPort() != 0 && !delete) {
            throw new EditException("bad_request", "out_port " + edit.getOutPort() + " goes with deletion only");
        }
        return switch (edit.getCommand()) {
            case COMMAND_ADD -> add(edit, flow);
            case COMMAND_MODIFY, COMMAND_MODIFY_STRICT ->
                new FlowMod.Modify(which(edit, flow), instructions(flow.getInstructions()), flags(flow));
            case COMMAND_DELETE, COMMAND_DELETE_STRICT -> new FlowMod.Delete(which(edit, flow));
            case COMMAND_UNSPECIFIED, UNRECOGNIZED -> throw unknownCommand(edit);
        };
    }

    /** The refusal of an edit that does not say what it does. */
    static EditException unknownCommand(FlowEdit edit) {
        return new EditException(
                "bad_command",
                "unknown command " + edit.getCommandValue()
                        + "; give COMMAND_ADD, _MODIFY, _MODIFY_STRICT, _DELETE or _DELETE_STRICT");
    }

    private static FlowMod add(FlowEdit edit, Flow flow) throws EditException {
        if (edit.getCookieMask() != 0) {
            throw new EditException("bad_request", "cookie_mask goes with modification and deletion only");
        }
        return new FlowMod.Add(
                table(flow.getTable()),
                atMost16Bits("priority", flow.getPriority()),
                match(flow.getMatchList()),
                instructions(flow.getInstructions()),
                flow.getCookie(),
                atMost16Bits("idle_timeout_s", flow.getIdleTimeoutS()),
                atMost16Bits("hard_timeout_s", flow.getHardTimeoutS()),
                flags(flow),
                atMost16Bits("importance", flow.getImportance()));
    }

    private static FlowFilter which(FlowEdit edit, Flow flow) throws EditException {
        boolean strict = edit.getCommand() == FlowEdit.Command.COMMAND_MODIFY_STRICT
                || edit.getCommand() == FlowEdit.Command.COMMAND_DELETE_STRICT;
        if (edit.getAllTables() && flow.getTable() != 0) {
            throw new EditException(
                    "bad_table_id", "all_tables and table " + flow.getTable() + " contradict each other; give one");
        }
        return new FlowFilter(
                edit.getAllTables() ? FlowFilter.ALL_TABLES : table(flow.getTable()),
                match(flow.getMatchList()),
                strict ? atMost16Bits("priority", flow.getPriority()) : FlowFilter.NOT_STRICT,
                flow.getCookie(),
                edit.getCookieMask(),
                outPort(edit.getOutPort()));
    }

    private static Match match(List<FieldMatch> fields) throws EditException {
        if (fields.isEmpty()) {
            return Match.ANY;
        }
        Match.Builder builder = Match.builder();
        try {
            for (FieldMatch wanted : fields) {
                Field field = FieldMapper.field(wanted.getField());
                builder.set(field, FieldMapper.value(field, wanted.getValue(), wanted.getMask()));
            }
            return builder.build();
        } catch (MatchException e) {
            throw new EditException(e.kind().name().toLowerCase(Locale.ROOT), e.getMessage());
        }
    }

    private static Set<FlowFlag> flags(Flow flow) {
        Set<FlowFlag> flags = EnumSet.noneOf(FlowFlag.class);
        addIf(flow.getSendFlowRemoved(), flags, FlowFlag.SEND_FLOW_REM);
        addIf(flow.getCheckOverlap(), flags, FlowFlag.CHECK_OVERLAP);
        addIf(flow.getResetCounts(), flags, FlowFlag.RESET_COUNTS);
        addIf(flow.getNoPacketCounts(), flags, FlowFlag.NO_PKT_COUNTS);
        addIf(flow.getNoByteCounts(), flags, FlowFlag.NO_BYT_COUNTS);
        return flags;
    }

    private static void addIf(boolean wanted, Set<FlowFlag> flags, FlowFlag flag) {
        if (wanted) {
            flags.add(flag);
        }
    }

    private static Instructions instructions(io.makas.v1.Instructions instructions) throws EditException {
        long metadataMask = instructions.getWriteMetadata().getMask();
        return new Instructions(
                instructions.getMeter(),
                actions("apply_actions", instructions.getApplyActionsList()),
                instructions.getClearActions(),
                actions("write_actions", instructions.getWriteActionsList()),
                instructions.getWriteMetadata().getValue() & metadataMask,
                metadataMask,
                instructions.hasGotoTable() ? table(instructions.getGotoTable()) : Instructions.NO_TABLE);
    }

    private static List<Action> actions(String where, List<io.makas.v1.Action> messages) throws EditException {
        List<Action> actions = new ArrayList<>(messages.size());
        for (io.makas.v1.Action message : messages) {
            if (message.getKindCase() == io.makas.v1.Action.KindCase.KIND_NOT_SET) {
                throw new EditException(
                        "bad_action",
                        where + "[" + actions.size() + "] is empty or of a kind that this switch does not know");
            }
            actions.add(action(message));
        }
        return actions;
    }

    private static Action action(io.makas.v1.Action message) throws EditException {
        return switch (message.getKindCase()) {
            case OUTPUT -> output(message.getOutput().getPort());
            case CONTROLLER ->
                new Action.Controller(
                        message.getController().hasMaxBytes()
                                ? atMost16Bits(
                                        "max_bytes", message.getController().getMaxBytes())
                                : Action.Controller.WHOLE_PACKET);
            case SET_FIELD -> {
                var set = message.getSetField();
                Field field = FieldMapper.field(set.getField());
                yield new Action.SetField(field, FieldMapper.value(field, set.getValue(), set.getMask()));
            }
            case PUSH_VLAN ->
                new Action.PushVlan(
                        atMost16Bits("ethertype", message.getPushVlan().getEthertype()));
            case POP_VLAN -> new Action.PopVlan();
            case DEC_TTL -> new Action.DecTtl();
            case RESUBMIT -> {
                var resubmit = message.getResubmit();
                yield new Action.Resubmit(
                        resubmit.getInPort(),
                        resubmit.hasTable() ? table(resubmit.getTable()) : Action.Resubmit.SAME_TABLE);
            }
            case TEXT -> textAction(message.getText());
            case KIND_NOT_SET -> throw new AssertionError("refused by the caller");
        };
    }

    private static Action textAction(String text) throws EditException {
        if (text.length() > MAX_ACTION_TEXT) {
            throw new EditException(
                    "bad_action",
                    "an action of " + text.length() + " characters; up to " + MAX_ACTION_TEXT + " are allowed");
        }
        try {
            return FlowText.parseAction(text);
        } catch (FlowTextException e) {
            throw new EditException("bad_action", "action '" + text + "': " + e.getMessage());
        }
    }

    private static Action output(int port) {
        if (port == CONTROLLER_PORT) {
            return new Action.Controller(Action.Controller.WHOLE_PACKET);
        }
        for (ReservedPort reserved : ReservedPort.values()) {
            if (reserved.number() == port) {
                return new Action.OutputReserved(reserved);
            }
        }
        return new Action.Output(port);
    }

    private static int table(int table) throws EditException {
        if (Integer.compareUnsigned(table, HIGHEST_TABLE) > 0) {
            throw new EditException(
                    "bad_table_id", "table " + Integer.toUnsignedString(table) + " is not from 0 to " + HIGHEST_TABLE);
        }
        return table;
    }

    private static int atMost16Bits(String name, int value) throws EditException {
        if (Integer.compareUnsigned(value, MAX_16_BITS) > 0) {
            throw new EditException(
                    "bad_value", name + " " + Integer.toUnsignedString(value) + " is not from 0 to " + MAX_16_BITS);
        }
        return value;
    }

    private static int outPort(int port) {
        return port == 0 ? FlowFilter.ANY_PORT : port;
    }
}
