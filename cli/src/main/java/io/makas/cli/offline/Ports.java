// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import io.makas.flow.action.Action;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.pipeline.PortState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The ports of a switch in memory: all up, all flooding. */
final class Ports {

    private static final long LOCAL = Integer.toUnsignedLong(ReservedPort.LOCAL.number());
    private static final long MAX = Integer.toUnsignedLong(Action.MAX_PORT);

    private final List<PortState> states = new ArrayList<>();
    private final Set<Integer> numbers = new HashSet<>();

    /** Reads {@code 1,2,3} or {@code 1,local}. */
    static Ports parse(String text) throws InputException {
        Ports ports = new Ports();
        for (String each : text.split(",", -1)) {
            String word = each.strip();
            boolean isNumber = word.matches("[0-9]{1,10}");
            long number = isNumber
                    ? Long.parseLong(word)
                    : word.toLowerCase(Locale.ROOT).equals("local") ? LOCAL : 0;
            String wrong = ports.add(number);
            if (wrong != null) {
                throw new InputException("--ports: '" + word + "': " + wrong);
            }
        }
        return ports;
    }

    /** Reads {@code [1,2,3]}. */
    static Ports read(JsonLine line) throws InputException {
        Ports ports = new Ports();
        line.list("a list of ports like [1,2,3]", () -> {
            int column = line.column();
            String wrong = ports.add(line.number("a port", 1, 0xffff_ffffL));
            if (wrong != null) {
                throw line.error(column, wrong);
            }
        });
        return ports;
    }

    /** The ports as the pipeline knows them. */
    List<PortState> states() {
        return states;
    }

    /** Whether a number is one of them. */
    boolean has(int number) {
        return numbers.contains(number);
    }

    @Override
    public String toString() {
        List<String> shown = states.stream()
                .limit(16)
                .map(state -> Integer.toUnsignedString(state.number()))
                .toList();
        return String.join(",", shown) + (states.size() > shown.size() ? ",…" : "");
    }

    /** Adds a port; answers what is wrong with it, or null. */
    private String add(long number) {
        if (number < 1 || number > MAX && number != LOCAL) {
            return "ports from 1 to " + MAX + ", or " + LOCAL + " for the local one, were expected";
        }
        if (!numbers.add((int) number)) {
            return "a port is there twice, where each was expected once";
        }
        states.add(new PortState((int) number));
        return null;
    }
}
