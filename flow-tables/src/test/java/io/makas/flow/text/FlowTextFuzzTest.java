// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.RandomFlows;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowMod;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random flows there and back, and nonsense, which must be refused and nothing worse. */
final class FlowTextFuzzTest {

    private static final List<String> PIECES = List.of(
            "ip",
            "tcp",
            "in_port",
            "nw_dst",
            "=",
            "=",
            ",",
            ",",
            " ",
            "10.0.0.1",
            "/24",
            "0x",
            "1",
            "-1",
            "65536",
            "actions=",
            "output:",
            "2",
            "(",
            ")",
            "->",
            "set_field:",
            "load:",
            "[",
            "]",
            "..",
            "nw_src",
            "resubmit",
            "write_actions(",
            "dl_vlan",
            "vlan_tci",
            "tcp_flags=+syn",
            "ip_frag=",
            "cookie=",
            "/",
            "fd00::1",
            "02:00:00:00:00:01",
            "delete ",
            "#",
            "ü",
            "\t",
            "reg0",
            "metadata",
            "ct_label=0x11112222333344445555",
            "dec_ttl",
            "goto_table:",
            "modify ",
            ":");

    @Test
    void shouldReadWhatItWrites() throws FlowTextException {
        System.out.println("seed 61");
        RandomFlows random = new RandomFlows(61);
        for (int i = 0; i < 20_000; i++) {
            FlowMod mod = random.mod(random.below(1_000));
            if (mod instanceof FlowMod.Modify modify && !modify.which().isStrict()) {
                mod = new FlowMod.Add(modify.which().table(), 5, modify.which().match(), modify.instructions());
            }
            String text = FlowText.format(mod);
            assertEquals(mod, FlowText.parse(text), text);
        }
    }

    @Test
    void shouldReadWhatItWritesOfDamagedFlows() {
        System.out.println("seed 64");
        Random random = new Random(64);
        RandomTexts texts = new RandomTexts(64);
        int whole = 0;
        for (int i = 0; i < 30_000; i++) {
            StringBuilder text = new StringBuilder(texts.flow());
            for (int damages = random.nextInt(3); damages > 0; damages--) {
                damage(text, random, texts);
            }
            whole += FlowTextJazzerTest.shouldRoundTrip(text.toString()) ? 1 : 0;
        }
        assertTrue(whole > 10_000);
    }

    private static void damage(StringBuilder text, Random random, RandomTexts texts) {
        int at = random.nextInt(text.length() + 1);
        String other = texts.flow();
        int from = random.nextInt(other.length());
        switch (random.nextInt(4)) {
            case 0 -> text.setLength(Math.max(1, at));
            case 1 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
            case 2 ->
                text.replace(at, Math.min(text.length(), at + random.nextInt(3)), "" + (char) random.nextInt(128));
            default -> text.insert(at, other, from, Math.min(other.length(), from + random.nextInt(30)));
        }
    }

    @Test
    void shouldWriteEveryMegaflow() {
        System.out.println("seed 62");
        SplittableRandom random = new SplittableRandom(62);
        RandomFlows flows = new RandomFlows(62);
        for (int i = 0; i < 20_000; i++) {
            long[] mask = new long[23];
            for (int word = 0; word < mask.length; word++) {
                mask[word] = random.nextLong() & random.nextLong();
            }
            assertTrue(FlowText.format(Match.ofKey(flows.key(), mask)).length() > 0);
        }
    }

    @Test
    void shouldRefuseNonsenseWithAPlace() {
        System.out.println("seed 63");
        SplittableRandom random = new SplittableRandom(63);
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int piece = random.nextInt(12); piece >= 0; piece--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            try {
                FlowText.parseFile(text.toString());
            } catch (FlowTextException e) {
                refused++;
                assertTrue(e.column() >= 1 && e.column() <= text.length() + 1, e.locatedMessage() + " of " + text);
            }
        }
        assertTrue(refused > 50_000);
    }
}
