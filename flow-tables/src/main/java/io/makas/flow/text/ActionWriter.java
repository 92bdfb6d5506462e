// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.LearnSpec;
import io.makas.flow.action.Octets;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Writes actions and instructions as {@code ovs-ofctl} does. Stateless. */
final class ActionWriter {

    private ActionWriter() {}

    /** The actions and other instructions of a flow. */
    static String instructions(Instructions instructions) {
        List<String> items = new ArrayList<>();
        if (instructions.meter() != Instructions.NO_METER) {
            items.add("meter:" + Integer.toUnsignedString(instructions.meter()));
        }
        for (Action action : instructions.apply()) {
            items.add(action(action));
        }
        if (instructions.clear()) {
            items.add("clear_actions");
        }
        if (!instructions.write().isEmpty()) {
            items.add("write_actions(" + actions(instructions.write()) + ")");
        }
        if (instructions.metadataMask() != 0) {
            items.add("write_metadata:"
                    + FieldNotation.text(
                            Field.METADATA, MaskedValue.masked(instructions.metadata(), instructions.metadataMask())));
        }
        if (instructions.gotoTable() != Instructions.NO_TABLE) {
            items.add("goto_table:" + instructions.gotoTable());
        }
        return items.isEmpty() ? "drop" : String.join(",", items);
    }

    /** One action. */
    static String action(Action action) {
        return switch (action) {
            case Action.Output(int port) -> "output:" + PortNotation.text(port);
            case Action.OutputReserved(ReservedPort port) -> PortNotation.text(port.number());
            case Action.OutputField(FieldRange port) -> "output:" + RangeNotation.text(port);
            case Action.OutputTruncated(int port, int maxBytes) ->
                "output(port=" + PortNotation.text(port) + ",max_len=" + maxBytes + ")";
            case Action.Controller controller -> controller(controller);
            case Action.SetField(Field field, MaskedValue value)
            when field == Field.IN_PORT ->
                "load:" + PortNotation.text((int) value.low()) + "->" + RangeNotation.text(FieldRange.whole(field));
            case Action.SetField(Field field, MaskedValue value) ->
                "set_field:" + FieldNotation.text(field, value) + "->" + FieldNames.inAction(field);
            case Action.Move(FieldRange from, FieldRange to) ->
                "move:" + RangeNotation.text(from) + "->" + RangeNotation.text(to);
            case Action.Push(FieldRange from) -> "push:" + RangeNotation.text(from);
            case Action.Pop(FieldRange to) -> "pop:" + RangeNotation.text(to);
            case Action.PushVlan(int tpid) -> "push_vlan:" + ethType(tpid);
            case Action.PopVlan() -> "pop_vlan";
            case Action.DecTtl() -> "dec_ttl";
            case Action.PushMpls(int ethType) -> "push_mpls:" + ethType(ethType);
            case Action.PopMpls(int ethType) -> "pop_mpls:" + ethType(ethType);
            case Action.DecMplsTtl() -> "dec_mpls_ttl";
            case Action.CopyTtlOut() -> "copy_ttl_out";
            case Action.CopyTtlIn() -> "copy_ttl_in";
            case Action.SetQueue(int queue) -> "set_queue:" + Integer.toUnsignedString(queue);
            case Action.PopQueue() -> "pop_queue";
            case Action.Group(int id) -> "group:" + Integer.toUnsignedString(id);
            case Action.Clone(List<Action> actions) -> "clone(" + actions(actions) + ")";
            case Action.Learn(LearnSpec spec) -> LearnWriter.text(spec);
            case Action.FinTimeout(int idleS, int hardS) -> finTimeout(idleS, hardS);
            case Action.Note(Octets data) -> "note:" + data.text();
            case Action.Exit() -> "exit";
            case Action.Sample sample -> sample(sample);
            case Action.CheckPacketLarger(int bytes, FieldRange to) ->
                "check_pkt_larger(" + bytes + ")->" + RangeNotation.text(to);
            case Action.Conjunction(int id, int clause, int clauses) ->
                "conjunction(" + Integer.toUnsignedString(id) + "," + clause + "/" + clauses + ")";
            case Action.Multipath multipath -> ChoiceActions.text(multipath);
            case Action.Bundle bundle -> ChoiceActions.text(bundle);
            case Action.Resubmit(int inPort, int table) -> resubmit(inPort, table);
        };
    }

    private static String actions(List<Action> actions) {
        StringJoiner text = new StringJoiner(",");
        for (Action action : actions) {
            text.add(action(action));
        }
        return text.toString();
    }

    private static String controller(Action.Controller controller) {
        boolean isPlain = controller.reason() == null
                && controller.controllerId() == 0
                && controller.userData().sizeBytes() == 0;
        if (isPlain) {
            return "CONTROLLER:" + controller.maxBytes();
        }
        StringJoiner text = new StringJoiner(",", "controller(", ")");
        if (controller.reason() != null) {
            text.add("reason=" + controller.reason().text());
        }
        if (controller.maxBytes() != Action.Controller.WHOLE_PACKET) {
            text.add("max_len=" + controller.maxBytes());
        }
        if (controller.controllerId() != 0) {
            text.add("id=" + controller.controllerId());
        }
        if (controller.userData().sizeBytes() != 0) {
            text.add("userdata=" + controller.userData().text());
        }
        return text.toString();
    }

    private static String finTimeout(int idleS, int hardS) {
        StringJoiner text = new StringJoiner(",", "fin_timeout(", ")");
        if (idleS != 0) {
            text.add("idle_timeout=" + idleS);
        }
        if (hardS != 0) {
            text.add("hard_timeout=" + hardS);
        }
        return text.toString();
    }

    private static String sample(Action.Sample sample) {
        return "sample(probability=" + sample.probability() + ",collector_set_id="
                + Integer.toUnsignedString(sample.collectorSetId()) + ",obs_domain_id="
                + Integer.toUnsignedString(sample.domainId()) + ",obs_point_id="
                + Integer.toUnsignedString(sample.pointId())
                + (sample.port() == 0 ? "" : ",sampling_port=" + PortNotation.text(sample.port())) + ")";
    }

    private static String resubmit(int inPort, int table) {
        if (table == Action.Resubmit.SAME_TABLE) {
            // Without a port it is the flow's own table again, which only a number says.
            return inPort == 0 ? "resubmit(,255)" : "resubmit:" + PortNotation.text(inPort);
        }
        return "resubmit(" + (inPort == 0 ? "" : PortNotation.text(inPort)) + "," + table + ")";
    }

    private static String ethType(int type) {
        return String.format("0x%04x", type);
    }
}
