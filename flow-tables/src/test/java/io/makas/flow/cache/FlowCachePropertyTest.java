// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Credits;
import io.makas.flow.pipeline.Operands;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.table.ChangeLog;
import io.makas.flow.table.Footprint;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The cache beside a world whose answers are known: stations that move, each packet's answer hangs on where two of them are. Whatever
 * is learned, evicted, changed and met, the cache says what the world says, or nothing; and no packet is counted twice or lost.
 */
final class FlowCachePropertyTest {

    private static final int STRIDE = 24;
    private static final int BURST = 32;
    private static final int STATIONS = 12;

    private final ChangeLog changes = new ChangeLog();
    private final int[] placeOfStation = new int[STATIONS];
    private final long[] keys = new long[(BURST + 1) * STRIDE];
    private final int[] extents = new int[BURST];
    private final int[] answers = new int[BURST];

    private final Map<Integer, Long> sent = new HashMap<>();
    private final Map<Integer, Long> credited = new HashMap<>();
    private Random random;
    private FlowCache cache;

    /** With few and many masks, and room for few and for all megaflows. */
    @ParameterizedTest
    @CsvSource({"1, 2, 64, 8", "2, 40, 64, 8", "3, 40, 8, 512", "4, 3, 1024, 400", "5, 200, 4096, 100", "6, 1, 8, 3"})
    void shouldSayWhatTheWorldSaysOrNothing(long seed, int masks, int exactEntries, int megaflows) {
        System.out.println("seed " + seed);
        random = new Random(seed);
        cache = new FlowCache(exactEntries, megaflows, changes);
        for (int round = 0; round < 12_000; round++) {
            if (random.nextInt(4) == 0) {
                change();
            }
            cache.follow();
            int count = 1 + random.nextInt(BURST);
            for (int i = 0; i < count; i++) {
                packet(i, masks);
            }
            cache.lookup(keys, STRIDE, extents, count, answers);
            for (int i = 0; i < count; i++) {
                handle(i);
            }
            for (CachedAnswer unused = cache.nextUnused(); unused != null; unused = cache.nextUnused()) {
                credit(unused);
                cache.release();
            }
            assertTrue(cache.statistics().megaflows() <= megaflows);
        }
        for (int i = 0; i < cache.answerEnd(); i++) {
            if (cache.answer(i) != null) {
                credit(cache.answer(i));
            }
        }

        assertEquals(sent, credited);
        CacheStatistics statistics = cache.statistics();
        System.out.println(statistics);
        assertTrue(statistics.megaflowHits() + statistics.exactHits() > 0);
        assertTrue(statistics.misses() > 0);
        assertTrue(masks <= 3 || statistics.exactHits() > 0);
        assertTrue(megaflows > 50 || masks < 3 || statistics.evictions() > 0);
    }

    private void handle(int i) {
        if (extents[i] < 0) {
            assertEquals(FlowCache.UNKNOWN, answers[i]);
            return;
        }
        int offset = i * STRIDE;
        int expected = port(keys, offset);
        sent.merge(expected, 1L, Long::sum);
        if (answers[i] != FlowCache.UNKNOWN) {
            CachedAnswer answer = cache.answer(answers[i]);
            assertEquals(expected, answer.soleOutput);
            answer.count(1, 1);
            return;
        }
        int place = cache.lookupAgain(keys, offset, extents[i]);
        if (place == FlowCache.UNKNOWN) {
            place = cache.learn(keys, offset, extents[i], translation(keys, offset));
            if (place == FlowCache.UNKNOWN) {
                credited.merge(expected, 1L, Long::sum);
                return;
            }
        }
        assertEquals(expected, cache.answerOf(place).soleOutput);
        cache.answerOf(place).count(1, 1);
        int again = cache.lookup(keys, offset, extents[i]);
        assertTrue(again == FlowCache.UNKNOWN || cache.answerOf(again).soleOutput == expected);
    }

    private void credit(CachedAnswer answer) {
        if (answer.packets > 0) {
            credited.merge(answer.soleOutput, answer.packets, Long::sum);
            answer.packets = 0;
        }
    }

    /** A station moves, or something happens that concerns all or nobody. */
    private void change() {
        int what = random.nextInt(40);
        if (what == 0) {
            changes.addressesChanged();
        } else if (what == 1) {
            changes.roomForAddresses();
        } else {
            int station = random.nextInt(STATIONS);
            placeOfStation[station] = random.nextInt(20);
            changes.addressChanged(0, station);
        }
    }

    /** Word 1 names a station, and which mask answers hold for; word 2 another station; word 7 makes a key long. */
    private void packet(int i, int masks) {
        int offset = i * STRIDE;
        if (i > 0 && extents[i - 1] == KeyLayout.IPV4_WORDS && random.nextInt(4) == 0) {
            System.arraycopy(keys, offset - STRIDE, keys, offset, STRIDE);
            extents[i] = extents[i - 1];
            return;
        }
        java.util.Arrays.fill(keys, offset, offset + STRIDE, 0);
        if (random.nextInt(50) == 0) {
            extents[i] = -1;
            return;
        }
        keys[offset + 1] = random.nextInt(STATIONS) | (long) random.nextInt(masks) << 8;
        keys[offset + 2] = random.nextInt(STATIONS);
        keys[offset + 3] = random.nextInt(16);
        keys[offset + 4] = random.nextInt(4);
        extents[i] = switch (random.nextInt(6)) {
            case 0 -> KeyLayout.IPV6_WORDS;
            case 1 -> KeyLayout.RECEIVED_WORDS;
            default -> KeyLayout.IPV4_WORDS;
        };
        if (extents[i] > KeyLayout.IPV4_WORDS) {
            keys[offset + 7] = random.nextInt(3);
        }
        if (extents[i] > KeyLayout.IPV6_WORDS) {
            keys[offset + 22] = random.nextInt(3);
        }
    }

    private int port(long[] key, int offset) {
        int sum = placeOfStation[(int) key[offset + 1] & 0xff] + placeOfStation[(int) key[offset + 2]];
        int kind = (int) (key[offset + 1] >>> 8);
        return 1
                + sum
                + (int) key[offset + 7] * 50
                + (int) key[offset + 22] * 150
                + (kind & 3) * 500
                + ((int) key[offset + 3] & kind) * 2_000;
    }

    private Translation translation(long[] key, int offset) {
        int kind = (int) (key[offset + 1] >>> 8);
        long[] mask = new long[KeyLayout.RECEIVED_WORDS];
        mask[1] = -1;
        mask[2] = 0xff;
        mask[3] = 0xf & kind;
        mask[4] = (long) kind << 8;
        mask[7] = 0xff;
        mask[22] = 0xff;
        Footprint.Builder footprint = new Footprint.Builder();
        footprint.lookedFor(0, key[offset + 1] & 0xff);
        footprint.lookedFor(0, key[offset + 2]);
        ActionProgram program = new ActionProgram(new int[] {ActionProgram.OP_OUTPUT_LAST, port(key, offset)}, null);
        return new Translation(
                mask, program, Operands.NONE, Credits.NONE, changes.generation(), true, footprint.build());
    }
}
