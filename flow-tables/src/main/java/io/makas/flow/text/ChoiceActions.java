// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.action.HashFields;
import io.makas.flow.action.MultipathAlgorithm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Reads and writes the actions that choose one of several ways by a hash of the packet. Stateless. */
final class ChoiceActions {

    private static final int MAX_16_BITS = 0xffff;
    private static final int MAX_LINKS = 65_536;
    private static final int MAX_MEMBERS = 2_048;
    private static final int MULTIPATH_ARGUMENTS = 6;

    private ChoiceActions() {}

    static void addTo(Map<String, ActionParser> all) {
        all.put("multipath", ChoiceActions::multipath);
        all.put("bundle", (item, list) -> bundle(item, list, false));
        all.put("bundle_load", (item, list) -> bundle(item, list, true));
    }

    static String text(Action.Multipath action) {
        return new StringJoiner(",", "multipath(", ")")
                .add(action.fields().text())
                .add(Integer.toString(action.basis()))
                .add(action.algorithm().text())
                .add(Integer.toString(action.links()))
                .add(Integer.toString(action.argument()))
                .add(RangeNotation.text(action.to()))
                .toString();
    }

    static String text(Action.Bundle action) {
        StringJoiner text = new StringJoiner(",", action.to() == null ? "bundle(" : "bundle_load(", ")");
        text.add(action.fields().text()).add(Integer.toString(action.basis()));
        text.add(action.isActiveBackup() ? "active_backup" : "hrw").add("ofport");
        if (action.to() != null) {
            text.add(RangeNotation.text(action.to()));
        }
        StringJoiner members = new StringJoiner(",", "members:", "");
        action.ports().forEach(port -> members.add(PortNotation.text(port)));
        return text.add(members.toString()).toString();
    }

    private static void multipath(Item item, ActionList list) throws FlowTextException {
        List<Word> words = words(item.value(), ", ");
        if (words.size() != MULTIPATH_ARGUMENTS) {
            throw item.value().expected("FIELDS,BASIS,ALGORITHM,LINKS,ARGUMENT,FIELD[FROM..TO]");
        }
        int links = words.get(3).number(MAX_LINKS);
        if (links == 0) {
            throw words.get(3).expected("a number from 1 to " + MAX_LINKS);
        }
        FieldRange to = list.range(words.get(5));
        if (to.widthBits() < 16 && links > 1 << to.widthBits()) {
            throw words.get(3)
                    .error(links + " links cannot be numbered in the " + to.widthBits() + " bits of "
                            + words.get(5).text());
        }
        list.add(new Action.Multipath(
                fields(words.get(0)),
                words.get(1).number(MAX_16_BITS),
                algorithm(words.get(2)),
                links,
                words.get(4).number(MAX_16_BITS),
                to));
    }

    private static void bundle(Item item, ActionList list, boolean hasTarget) throws FlowTextException {
        Word value = item.value();
        int members = Math.max(value.text().indexOf("members:"), value.text().indexOf("slaves:"));
        List<Word> words = words(value.part(0, Math.max(members, 0)), ", ");
        if (members < 0 || words.size() != (hasTarget ? 5 : 4)) {
            throw value.expected(
                    "FIELDS,BASIS,ALGORITHM,ofport," + (hasTarget ? "FIELD[FROM..TO]," : "") + "members:PORT,…");
        }
        List<Integer> ports = new ArrayList<>();
        for (Word word : words(value.from(members).after(':'), ", []")) {
            ports.add(PortNotation.read(word));
        }
        if (ports.size() > MAX_MEMBERS) {
            throw value.error("there are " + ports.size() + " members; up to " + MAX_MEMBERS + " are allowed");
        }
        if (!words.get(3).is("ofport")) {
            throw words.get(3).expected("ofport");
        }
        list.add(new Action.Bundle(
                fields(words.get(0)),
                words.get(1).number(MAX_16_BITS),
                isActiveBackup(words.get(2)),
                ports,
                hasTarget ? list.range(words.get(4)) : null));
    }

    private static HashFields fields(Word word) throws FlowTextException {
        for (HashFields fields : HashFields.values()) {
            if (word.text().equalsIgnoreCase(fields.text())) {
                return fields;
            }
        }
        throw word.unknown(
                "kind of hash",
                Arrays.stream(HashFields.values()).map(HashFields::text).toList());
    }

    private static MultipathAlgorithm algorithm(Word word) throws FlowTextException {
        for (MultipathAlgorithm algorithm : MultipathAlgorithm.values()) {
            if (word.text().equalsIgnoreCase(algorithm.text())) {
                return algorithm;
            }
        }
        throw word.unknown(
                "algorithm",
                Arrays.stream(MultipathAlgorithm.values())
                        .map(MultipathAlgorithm::text)
                        .toList());
    }

    private static boolean isActiveBackup(Word word) throws FlowTextException {
        if (!word.text().equalsIgnoreCase("active_backup") && !word.text().equalsIgnoreCase("hrw")) {
            throw word.expected("active_backup or hrw");
        }
        return word.text().equalsIgnoreCase("active_backup");
    }

    /** The words between separators. */
    private static List<Word> words(Word text, String separators) {
        List<Word> words = new ArrayList<>();
        int start = 0;
        for (int at = 0; at <= text.text().length(); at++) {
            boolean isEnd =
                    at == text.text().length() || separators.indexOf(text.text().charAt(at)) >= 0;
            if (isEnd && at > start) {
                words.add(text.part(start, at).strip());
            }
            start = isEnd ? at + 1 : start;
        }
        words.removeIf(Word::isEmpty);
        return words;
    }
}
