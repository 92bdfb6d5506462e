// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import io.makas.bench.tables.RuleSet;
import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.table.FlowMod;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rules in the syntax of {@code ovs-ofctl}: the same text for every switch that is measured. Packets come in by port 1 and are
 * expected at port 2.
 *
 * @param name what they were asked for by
 * @param text one rule a line
 * @param mods the same, read
 */
public record RuleText(String name, String text, List<FlowMod> mods) {

    /** The built-in sets. */
    public static final List<String> BUILT_IN = List.of("port", "normal", "router", "acl24", "acl");

    /** Rules of an access list. */
    public static final int ACL_RULES = 1_000;

    /** Prefixes of the router. */
    public static final int ROUTER_PREFIXES = 10_000;

    /** Different masks of {@code acl}. */
    private static final int ACL_MASKS = 300;

    private static final int ACL24_MASKS = 24;
    private static final String ANSWERS = "table=0,priority=65535,in_port=2,actions=output:1\n";
    private static final int OUT = 2;

    /** Keeps the list immutable. */
    public RuleText {
        mods = List.copyOf(mods);
    }

    /**
     * Makes a built-in set or reads a file.
     *
     * @param which a name of {@link #BUILT_IN}, {@code acl:MASKS}, {@code acl:MASKS:RULES}, {@code router:PREFIXES} or a file
     * @param bothWays whether a built-in set also lets answers pass from port 2 to port 1
     * @param seed of the built-in sets
     * @throws IllegalArgumentException if it is neither, or a line of the file cannot be read
     */
    public static RuleText of(String which, boolean bothWays, long seed) throws IOException {
        String text = Files.exists(Path.of(which)) ? null : builtIn(which, seed);
        if (text == null) {
            Path file = Path.of(which);
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("--rules '" + which + "' is neither a file nor one of "
                        + String.join(", ", BUILT_IN) + ", acl:MASKS[:RULES], router:PREFIXES");
            }
            text = Files.readString(file);
        } else if (bothWays && !which.equals("normal")) {
            text = ANSWERS + text;
        }
        try {
            return new RuleText(which, text, FlowText.parseFile(text));
        } catch (FlowTextException e) {
            throw new IllegalArgumentException("rules '" + which + "': " + e.locatedMessage(), e);
        }
    }

    /** Whether it is a set of ours and not a file. */
    public boolean isBuiltIn() {
        return BUILT_IN.contains(name.split(":", -1)[0]) && !Files.exists(Path.of(name));
    }

    /** How many of the rules are for packets that come in by port 1, or by any. */
    public int routes() {
        return mods.size() - (text.startsWith(ANSWERS) ? 1 : 0);
    }

    /** Whether the rules learn addresses, so that both ports must have been heard before. */
    public boolean learnsAddresses() {
        return text.contains("normal") || text.contains("NORMAL");
    }

    private static String builtIn(String which, long seed) {
        String[] words = which.split(":", -1);
        return switch (words[0]) {
            case "port" -> words.length == 1 ? "table=0,in_port=1,actions=output:2\n" : null;
            case "normal" -> words.length == 1 ? "table=0,priority=0,actions=NORMAL\n" : null;
            case "acl24" -> words.length == 1 ? accessList(ACL_RULES, ACL24_MASKS, seed) : null;
            case "acl" -> accessList(number(words, 2, ACL_RULES), number(words, 1, ACL_MASKS), seed);
            case "router" ->
                RouterRules.of(number(words, 1, ROUTER_PREFIXES), seed).text();
            default -> null;
        };
    }

    private static int number(String[] words, int index, int usual) {
        if (words.length <= index) {
            return usual;
        }
        try {
            int number = Integer.parseInt(words[index]);
            if (number >= 1 && number <= 1_000_000) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Refused below, with what was said.
        }
        throw new IllegalArgumentException("--rules '" + String.join(":", words) + "': '" + words[index]
                + "' is not a number from 1 to 1,000,000");
    }

    /** An access list of which every rule lets pass, and one below them for the rest, so that every packet arrives. */
    private static String accessList(int rules, int masks, long seed) {
        return new RuleSet(rules, masks, seed)
                        .rules().stream()
                                .map(rule -> FlowText.format(new FlowMod.Add(
                                                0,
                                                rule.priority(),
                                                rule.match(),
                                                Instructions.apply(new Action.Output(OUT))))
                                        + "\n")
                                .collect(Collectors.joining())
                + "table=0,priority=0,actions=output:2\n";
    }
}
