// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.fastpath;

import io.makas.bench.tables.RuleSet;
import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.table.FlowMod;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Rules, and the traffic that meets them.
 *
 * @param name for people
 * @param rules what the tables hold
 * @param traffic what arrives by port 1
 */
record Scenario(String name, List<FlowMod> rules, Traffic traffic) {

    private static final int ROUTES = 10_000;

    /**
     * Makes a scenario by its name: {@code port}, {@code normal}, {@code router}, or {@code acl24}: access rules with so many masks.
     *
     * @param ruleCount of access rules
     */
    static Scenario of(String name, int flows, boolean zipf, int ruleCount) {
        return switch (name) {
            case "port" -> plain(name, "table=0,in_port=1,actions=output:2", flows, zipf);
            case "normal" -> plain(name, "table=0,priority=0,actions=normal", flows, zipf);
            case "router" -> router(flows, zipf);
            default -> {
                if (!name.matches("acl[1-9][0-9]{0,3}")) {
                    throw new IllegalArgumentException(
                            "rules \"" + name + "\" are none of port, normal, router, acl1 to acl9999");
                }
                yield accessList(name, ruleCount, Integer.parseInt(name.substring(3)), flows, zipf);
            }
        };
    }

    private static Scenario plain(String name, String rule, int flows, boolean zipf) {
        return new Scenario(name, List.of(parse(rule)), Traffic.anyFlows(flows, zipf));
    }

    /** Every rule sends to port 2: answers differ in whom they credit. */
    private static Scenario accessList(String name, int rules, int masks, int flows, boolean zipf) {
        RuleSet set = new RuleSet(rules, masks, 7);
        List<FlowMod> mods = new ArrayList<>();
        for (FlowMod.Add rule : set.rules()) {
            Instructions output = Instructions.apply(new Action.Output(2));
            mods.add(new FlowMod.Add(rule.table(), rule.priority(), rule.match(), output));
        }
        mods.add(parse("table=0,priority=0,actions=output:2"));
        return new Scenario(name, mods, Traffic.ofKeys(set.packets(flows), zipf));
    }

    private static Scenario router(int flows, boolean zipf) {
        SplittableRandom random = new SplittableRandom(9);
        List<FlowMod> mods = new ArrayList<>();
        for (int i = 0; i < ROUTES; i++) {
            int length = 16 + random.nextInt(13);
            int prefix = 0x0a00_0000 | i * 1_677 & 0xff_ffff & -1 << 32 - length;
            mods.add(parse("table=0,priority=%d,ip,nw_dst=%s/%d,actions=dec_ttl,mod_dl_src:02:00:00:00:01:00,"
                            .formatted(length, dotted(prefix), length)
                    + "mod_dl_dst:02:00:00:00:02:%02x,output:2".formatted(i & 0xff)));
        }
        return new Scenario("router", mods, Traffic.anyFlows(flows, zipf));
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }

    private static FlowMod.Add parse(String rule) {
        try {
            return (FlowMod.Add) FlowText.parse(rule);
        } catch (FlowTextException e) {
            throw new IllegalStateException(rule, e);
        }
    }
}
