// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.action.Octets;
import java.io.ByteArrayOutputStream;
import java.util.Map;

/** Reads the actions that do something else than to send or to change a packet. Stateless. */
final class OtherActions {

    private static final long MAX_32_BITS = 0xffff_ffffL;
    private static final int MAX_16_BITS = 0xffff;
    private static final int MIN_CLAUSES = 2;
    private static final int MAX_CLAUSES = 64;

    private OtherActions() {}

    static void addTo(Map<String, ActionParser> all) {
        all.put("clone", OtherActions::cloned);
        all.put("learn", (item, list) -> list.add(new Action.Learn(LearnReader.read(item.value(), list))));
        all.put("fin_timeout", OtherActions::finTimeout);
        all.put("note", (item, list) -> list.add(new Action.Note(octets(item.value()))));
        all.put("exit", ActionParser.bare((item, list) -> list.add(new Action.Exit())));
        all.put("sample", OtherActions::sample);
        all.put("check_pkt_larger", OtherActions::checkPacketLarger);
        all.put("conjunction", OtherActions::conjunction);
    }

    /** Bytes: pairs of hexadecimal digits, with dots between them or not. */
    static Octets octets(Word word) throws FlowTextException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String text = word.text();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '.' || c <= ' ') {
                at++;
                continue;
            }
            int high = digit(text, at);
            int low = digit(text, at + 1);
            if (high < 0 || low < 0) {
                throw word.from(at).expected("a byte of two hexadecimal digits");
            }
            bytes.write(high << 4 | low);
            at += 2;
        }
        return Octets.of(bytes.toByteArray());
    }

    private static int digit(String text, int at) {
        return at < text.length() && text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), 16) : -1;
    }

    private static void cloned(Item item, ActionList list) throws FlowTextException {
        ActionList nested = list.nested(item.name());
        ActionReader.readActions(item.value(), item.name(), nested);
        list.add(new Action.Clone(nested.actions()));
    }

    private static void finTimeout(Item item, ActionList list) throws FlowTextException {
        int idleS = 0;
        int hardS = 0;
        for (Item part : Item.listOf(item.value())) {
            switch (part.name().text()) {
                case "idle_timeout" -> idleS = part.value().number(MAX_16_BITS);
                case "hard_timeout" -> hardS = part.value().number(MAX_16_BITS);
                default -> throw part.name().expected("idle_timeout=SECONDS or hard_timeout=SECONDS");
            }
        }
        list.add(new Action.FinTimeout(idleS, hardS));
    }

    private static void sample(Item item, ActionList list) throws FlowTextException {
        int probability = 0;
        int collectors = 0;
        int domain = 0;
        int point = 0;
        int port = 0;
        for (Item part : Item.listOf(item.value())) {
            Word value = part.value();
            switch (part.name().text()) {
                case "probability" -> probability = value.number(MAX_16_BITS);
                case "collector_set_id" -> collectors = (int) value.number(MAX_32_BITS);
                case "obs_domain_id" -> domain = (int) value.number(MAX_32_BITS);
                case "obs_point_id" -> point = (int) value.number(MAX_32_BITS);
                case "sampling_port" -> port = PortNotation.read(value);
                case "ingress", "egress" ->
                    throw part.name().error(part.name().text() + " of the sample action is not supported");
                default ->
                    throw part.name()
                            .expected("probability, collector_set_id, obs_domain_id, obs_point_id or sampling_port");
            }
        }
        if (probability == 0) {
            throw item.value().expected("probability=N, N from 1 to 65535,");
        }
        list.add(new Action.Sample(probability, collectors, domain, point, port == PortNotation.ANY ? 0 : port));
    }

    private static void checkPacketLarger(Item item, ActionList list) throws FlowTextException {
        Arrow arrow = Arrow.of(item, "(BYTES)->FIELD[BIT]");
        FieldRange to = list.range(arrow.to());
        if (to.widthBits() != 1) {
            throw arrow.to().expected("a single bit, such as reg0[0],");
        }
        list.add(new Action.CheckPacketLarger(arrow.from().number(MAX_16_BITS), to));
    }

    private static void conjunction(Item item, ActionList list) throws FlowTextException {
        Word value = item.value();
        Word clauses = value.after(',');
        Word count = clauses == null ? null : clauses.after('/');
        if (count == null) {
            throw value.expected("ID,CLAUSE/CLAUSES");
        }
        int id = (int) value.before(',').strip().number(MAX_32_BITS);
        int of = count.strip().number(MAX_CLAUSES);
        if (of < MIN_CLAUSES) {
            throw count.expected("a number of clauses from " + MIN_CLAUSES + " to " + MAX_CLAUSES);
        }
        Word clause = clauses.before('/').strip();
        int which = clause.number(of);
        if (which == 0) {
            throw clause.expected("a clause from 1 to " + of);
        }
        list.add(new Action.Conjunction(id, which, of));
    }
}
