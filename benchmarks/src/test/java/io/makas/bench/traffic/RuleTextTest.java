// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.key.Field;
import io.makas.flow.key.FlowMask;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.packet.MacAddress;
import io.makas.flow.table.FlowMod;
import io.makas.flow.text.FlowText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleTextTest {

    private static final long SEED = 5;

    @TempDir
    private Path folder;

    @Test
    void shouldReadEveryBuiltInSet() throws IOException {
        for (String name : RuleText.BUILT_IN) {
            RuleText rules = RuleText.of(name, true, SEED);

            assertFalse(rules.mods().isEmpty(), name);
            assertTrue(rules.isBuiltIn());
            assertEquals(name.equals("normal"), rules.learnsAddresses(), name);
        }
    }

    @Test
    void shouldHaveAsManyRulesAndMasksAsItsNameSays() throws IOException {
        for (String name : new String[] {"acl24", "acl:300:1000"}) {
            Set<FlowMask> masks = new HashSet<>();
            RuleText rules = RuleText.of(name, false, SEED);
            for (FlowMod mod : rules.mods()) {
                masks.add(((FlowMod.Add) mod).match().mask());
            }

            assertEquals(RuleText.ACL_RULES + 1, rules.mods().size(), "with one for the rest");
            assertTrue(masks.size() > (name.equals("acl24") ? 20 : 250), name + ": " + masks.size());
        }
    }

    @Test
    void shouldHaveTenThousandPrefixesInARouter() throws IOException {
        assertEquals(10_000, RuleText.of("router", false, SEED).mods().size());
    }

    @Test
    void shouldRouteByTheLongestPrefixAsTheRulesDo() throws IOException {
        RuleText rules = RuleText.of("router:500", false, SEED);
        RouterRules router = RouterRules.of(500, SEED);
        FlowSet flows = new RuleFlows(rules.mods(), 1, 2, SEED).flows(500);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < flows.count(); i++) {
            int destination =
                    random.nextInt(4) == 0 ? random.nextInt() : flows.flow(i).destination();
            FlowMod.Add best = null;
            for (FlowMod mod : rules.mods()) {
                FlowMod.Add rule = (FlowMod.Add) mod;
                if (rule.match().matches(key(destination)) && (best == null || best.priority() < rule.priority())) {
                    best = rule;
                }
            }

            String hop = new MacAddress(router.nextHop(destination)).toString();
            assertTrue(FlowText.format(best).contains(hop), Integer.toHexString(destination) + ", seed " + SEED);
        }
    }

    @Test
    void shouldReadAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("rules"), "in_port=1,actions=output:2\n");

        RuleText rules = RuleText.of(file.toString(), false, SEED);

        assertEquals(1, rules.mods().size());
        assertFalse(rules.isBuiltIn());
    }

    @Test
    void shouldSayWhatItKnowsWhereThereIsNoSuchFile() {
        String message = refusal("firewall");

        assertTrue(message.contains("'firewall'"), message);
        assertTrue(message.contains("acl24"), message);
    }

    @Test
    void shouldSayWhatCannotBeReadInAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("rules"), "in_port=1,actions=output:2\nin_port=,actions=drop\n");

        String message = refusal(file.toString());

        assertTrue(message.contains(file.toString()), message);
        assertTrue(message.contains("line 2"), message);
    }

    @Test
    void shouldRefuseCountsThatAreNone() {
        for (String rules : new String[] {"acl:x", "acl:24:0", "router:-1"}) {
            assertTrue(refusal(rules).contains(rules));
        }
    }

    private static long[] key(int destination) {
        long[] key = new long[KeyLayout.WORDS];
        key[Field.ETH_TYPE.word()] |= 0x0800L << Field.ETH_TYPE.shift();
        key[Field.IP_DST.word()] |= Integer.toUnsignedLong(destination) << Field.IP_DST.shift();
        return key;
    }

    private static String refusal(String rules) {
        return assertThrows(IllegalArgumentException.class, () -> RuleText.of(rules, false, SEED))
                .getMessage();
    }
}
