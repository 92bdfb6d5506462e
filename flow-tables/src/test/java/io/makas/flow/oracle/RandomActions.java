// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import static io.makas.flow.oracle.RandomMatch.hex;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random actions, as text, that packets of a match can follow. For one flow or one bucket. */
final class RandomActions {

    private static final int TABLES = 6;

    private final Random random;
    private final RandomPackets packets;
    private final RandomMatch match;
    private final int groups;
    private final RandomChanges changes;

    /**
     * Prepares actions.
     *
     * @param groups how many groups there are, numbered from 1 on
     */
    RandomActions(Random random, RandomPackets packets, RandomMatch match, int groups) {
        this.random = random;
        this.packets = packets;
        this.match = match;
        this.groups = groups;
        changes = new RandomChanges(random, packets, match);
    }

    /** A table of a flow; the earlier ones are the likelier. */
    static int table(Random random) {
        return random.nextInt(1 + random.nextInt(TABLES));
    }

    /** The actions and instructions of a flow in a table. */
    String instructions(int table) {
        List<String> items = new ArrayList<>(list(random.nextInt(5), 0));
        if (once(7)) {
            items.add("clear_actions");
        }
        if (once(3)) {
            items.add("write_actions(" + String.join(",", set(!once(4))) + ")");
        }
        if (once(4)) {
            int mask = 1 + random.nextInt(7);
            items.add("write_metadata:" + hex(random.nextInt(4) & mask) + "/" + hex(mask));
        }
        if (table < TABLES - 1 && once(2)) {
            items.add("goto_table:" + (table + 1 + random.nextInt(TABLES - 1 - table)));
        }
        return items.isEmpty() ? "drop" : String.join(",", items);
    }

    /** The actions of a bucket. */
    String bucket() {
        List<String> actions = set(!once(8));
        return actions.isEmpty() ? "drop" : String.join(",", actions);
    }

    private List<String> set(boolean isToSend) {
        RandomChanges setChanges = new RandomChanges(random, packets, match);
        List<String> items = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            items.add(setChanges.next());
        }
        if (isToSend) {
            items.add(groups > 0 && once(3) ? group() : output());
        }
        return items;
    }

    private List<String> list(int count, int depth) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(
                    switch (random.nextInt(12)) {
                        case 0, 1, 2, 3 -> once(8) ? oddOutput() : output();
                        case 4 -> resubmit();
                        case 5 -> register();
                        case 6 -> groups > 0 ? group() : changes.next();
                        case 7 -> other(depth);
                        default -> changes.next();
                    });
        }
        return items;
    }

    private String group() {
        return "group:" + (1 + random.nextInt(groups));
    }

    private String output() {
        return switch (random.nextInt(12)) {
            case 0 -> "in_port";
            case 1 -> "all";
            case 2 -> "flood";
            case 3 -> once(2) ? "controller" : "controller:" + (14 + random.nextInt(60));
            default -> once(2) ? "output:" + port() : "" + port();
        };
    }

    private String oddOutput() {
        return once(2)
                ? "output:reg" + random.nextInt(2) + "[0..15]"
                : "output(port=" + port() + ",max_len=" + (14 + random.nextInt(60)) + ")";
    }

    private int port() {
        return once(10) ? 9 : 1 + random.nextInt(4);
    }

    private String resubmit() {
        String port = once(4) ? "" + (1 + random.nextInt(4)) : "";
        return "resubmit(" + port + "," + random.nextInt(TABLES) + ")";
    }

    private String register() {
        return switch (random.nextInt(8)) {
            case 0 -> "set_field:" + random.nextInt(3) + "->reg" + random.nextInt(2);
            case 1 -> "load:" + random.nextInt(3) + "->NXM_NX_REG" + random.nextInt(2) + "[0..1]";
            case 2 -> "set_field:" + hex(random.nextInt(4)) + "->metadata";
            case 3 -> "move:NXM_NX_REG" + random.nextInt(2) + "[]->NXM_NX_REG" + random.nextInt(2) + "[]";
            case 4 -> "move:NXM_OF_IN_PORT[]->NXM_NX_REG" + random.nextInt(2) + "[0..15]";
            case 5 -> "move:NXM_OF_ETH_SRC[0..7]->NXM_OF_ETH_DST[0..7]";
            case 6 -> "push:NXM_NX_REG" + random.nextInt(2) + "[]";
            default -> "pop:NXM_NX_REG" + random.nextInt(2) + "[]";
        };
    }

    private String other(int depth) {
        return switch (random.nextInt(6)) {
            case 0 -> "set_queue:" + random.nextInt(3);
            case 1 -> once(3) ? "exit" : "note:01.02.03";
            case 2 -> "push:NXM_OF_ETH_DST[0..31]";
            case 3 -> "pop:NXM_OF_ETH_SRC[0..31]";
            default ->
                depth < 2
                        ? "clone("
                                + String.join(
                                        ",",
                                        new RandomActions(random, packets, match, groups)
                                                .list(1 + random.nextInt(3), depth + 1))
                                + ")"
                        : "note:00";
        };
    }

    private boolean once(int n) {
        return random.nextInt(n) == 0;
    }
}
