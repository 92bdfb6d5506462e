// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.Octets;
import io.makas.flow.action.PacketInReason;
import io.makas.flow.action.ReservedPort;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** Reads the actions that send a packet somewhere or look it up again. Stateless. */
final class OutputActions {

    private static final int MIN_TRUNCATED_BYTES = 14;
    private static final long MAX_32_BITS = 0xffff_ffffL;

    private OutputActions() {}

    static void addTo(Map<String, ActionParser> all) {
        all.put("output", OutputActions::output);
        all.put("output_reg", OutputActions::output);
        for (String name : new String[] {"in_port", "all", "flood", "normal", "local", "table"}) {
            all.put(name, ActionParser.bare((item, list) -> port(item.name(), list)));
        }
        all.put("controller", OutputActions::controller);
        all.put("enqueue", OutputActions::enqueue);
        all.put(
                "set_queue",
                (item, list) -> list.add(new Action.SetQueue((int) item.value().number(MAX_32_BITS))));
        all.put("pop_queue", ActionParser.bare((item, list) -> list.add(new Action.PopQueue())));
        all.put(
                "group",
                (item, list) ->
                        list.add(new Action.Group((int) item.value().number(Action.Group.MAX_ID & MAX_32_BITS))));
        all.put("resubmit", OutputActions::resubmit);
    }

    /** Sends to a port: a number or a reserved one. */
    static void port(Word word, ActionList list) throws FlowTextException {
        int number = PortNotation.read(word);
        ReservedPort reserved = PortNotation.reserved(number);
        if (reserved != null) {
            list.add(new Action.OutputReserved(reserved));
        } else if (number == PortNotation.CONTROLLER) {
            list.add(new Action.Controller(Action.Controller.WHOLE_PACKET));
        } else if (Integer.compareUnsigned(number, Action.MAX_PORT) > 0) {
            throw word.error("nothing can be sent to port " + word.text());
        } else {
            list.add(new Action.Output(number));
        }
    }

    private static void output(Item item, ActionList list) throws FlowTextException {
        Word value = item.value();
        if (item.delimiter() == '(' && value.text().indexOf('=') >= 0) {
            truncated(value, list);
        } else if (!PortNotation.isPort(value) && RangeNotation.isRange(value)) {
            list.add(new Action.OutputField(list.range(value)));
        } else {
            port(value, list);
        }
    }

    private static void truncated(Word value, ActionList list) throws FlowTextException {
        Word port = null;
        Word bytes = null;
        for (Item part : Item.listOf(value)) {
            switch (part.name().text()) {
                case "port" -> port = part.value();
                case "max_len" -> bytes = part.value();
                default -> throw part.name().expected("port=N or max_len=BYTES");
            }
        }
        if (port == null || bytes == null) {
            throw value.expected("port=N,max_len=BYTES");
        }
        long size = bytes.number(Integer.MAX_VALUE);
        if (size < MIN_TRUNCATED_BYTES) {
            throw bytes.expected("a number from " + MIN_TRUNCATED_BYTES);
        }
        list.add(new Action.OutputTruncated(PortNotation.readTarget(port), (int) size));
    }

    private static void controller(Item item, ActionList list) throws FlowTextException {
        Word value = item.value();
        if (value.isEmpty()) {
            list.add(new Action.Controller(Action.Controller.WHOLE_PACKET));
            return;
        }
        if (value.text().charAt(0) >= '0' && value.text().charAt(0) <= '9') {
            list.add(new Action.Controller(value.number(Action.Controller.WHOLE_PACKET)));
            return;
        }
        int maxBytes = Action.Controller.WHOLE_PACKET;
        PacketInReason reason = null;
        int id = 0;
        Octets userData = Octets.NONE;
        for (Item part : Item.listOf(value)) {
            Word argument = part.value();
            switch (part.name().text()) {
                case "max_len" -> maxBytes = argument.number(Action.Controller.WHOLE_PACKET);
                case "reason" -> reason = reason(argument);
                case "id" -> id = argument.number(0xffff);
                case "userdata" -> userData = OtherActions.octets(argument);
                case "pause", "meter_id" ->
                    throw part.name().error(part.name().text() + " of the controller action is not supported");
                default -> throw part.name().expected("max_len, reason, id or userdata");
            }
        }
        list.add(new Action.Controller(maxBytes, reason, id, userData));
    }

    /** A reason; null for the usual one. */
    private static PacketInReason reason(Word word) throws FlowTextException {
        for (PacketInReason reason : PacketInReason.values()) {
            if (word.text().equalsIgnoreCase(reason.text())) {
                return reason == PacketInReason.ACTION ? null : reason;
            }
        }
        throw word.unknown(
                "reason",
                Arrays.stream(PacketInReason.values()).map(PacketInReason::text).toList());
    }

    private static void enqueue(Item item, ActionList list) throws FlowTextException {
        Word value = item.value();
        int at = 0;
        while (at < value.text().length() && ":q,".indexOf(value.text().charAt(at)) < 0) {
            at++;
        }
        if (at == value.text().length()) {
            throw value.expected("PORT:QUEUE or (PORT,QUEUE)");
        }
        list.add(new Action.SetQueue((int) value.from(at + 1).strip().number(MAX_32_BITS)));
        port(value.part(0, at).strip(), list);
        list.add(new Action.PopQueue());
    }

    private static void resubmit(Item item, ActionList list) throws FlowTextException {
        Word value = item.value();
        Word port = value.before(',').strip();
        Word table = value.after(',');
        int inPort =
                port.isEmpty() || port.text().toLowerCase(Locale.ROOT).equals("in_port") ? 0 : PortNotation.read(port);
        int where = Action.Resubmit.SAME_TABLE;
        if (table != null) {
            Word more = table.after(',');
            if (more != null) {
                throw more.strip().error("resubmit takes a port and a table; connection tracking is not supported");
            }
            where = table.strip().isEmpty() ? where : table.strip().number(Action.Resubmit.SAME_TABLE);
        }
        if (inPort == 0 && where == Action.Resubmit.SAME_TABLE && table == null) {
            throw value.expected("a port, a table or both: resubmit(PORT,TABLE)");
        }
        list.add(new Action.Resubmit(inPort, where));
    }
}
