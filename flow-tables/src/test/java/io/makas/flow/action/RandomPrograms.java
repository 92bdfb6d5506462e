// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;
import io.makas.flow.packet.Mpls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes programs of every operation, from a seeded generator or from whatever a fuzzer gives. */
final class RandomPrograms {

    private static final int MAX_DEPTH = 4;
    private static final int[] TYPES = {0x0800, 0x86dd, 0x8847, 0x8848, 0x0806, 0x8100, 0x88a8, 0x0026, 0x9999};

    /** What comes from frames and may be set. */
    static final List<Field> FIELDS = Arrays.stream(Field.values())
            .filter(field -> field.settable() && field.word() < Field.TUN_ID.word())
            .toList();

    private final RandomGenerator random;

    RandomPrograms(RandomGenerator random) {
        this.random = random;
    }

    /** A program that sends the packet as it is in the end, and on the way whatever comes. */
    int[] next() {
        return Code.of(block(0), Code.last(1));
    }

    /**
     * Some operations that send nothing, on a packet of this type: no more is popped than was pushed, and what is behind the
     * labels is what they say.
     */
    int[] changes(int type) {
        List<int[]> code = new ArrayList<>();
        Deque<Integer> types = new ArrayDeque<>(List.of(type));
        for (int count = 1 + random.nextInt(5); count > 0; count--) {
            int[] change = change();
            if (change[0] == ActionProgram.OP_PUSH_MPLS) {
                int bottom = types.size() == 1 ? Mpls.BOTTOM_OF_STACK : 0;
                change[2] = change[2] & ~Mpls.BOTTOM_OF_STACK | bottom;
                types.push(change[1]);
            } else if (change[0] == ActionProgram.OP_POP_MPLS) {
                if (types.size() == 1) {
                    continue;
                }
                types.pop();
                change[1] = types.peek();
            }
            code.add(change);
        }
        return Code.of(code.toArray(int[][]::new));
    }

    private int[] block(int depth) {
        List<int[]> code = new ArrayList<>();
        for (int count = random.nextInt(6); count > 0; count--) {
            code.add(random.nextInt(3) == 0 ? other(depth) : change());
        }
        return Code.of(code.toArray(int[][]::new));
    }

    private int[] other(int depth) {
        return switch (random.nextInt(8)) {
            case 0 -> Code.output(1 + random.nextInt(3));
            case 1 -> Code.truncated(1, 14 + random.nextInt(100));
            case 2 -> Code.controller(random.nextInt(0x10000), 0);
            case 3 -> Code.queue(random.nextInt(3) - 1);
            case 4 -> Code.sample(0);
            case 5 -> Code.meter(random.nextInt(3));
            default -> depth == MAX_DEPTH ? Code.output(1) : Code.cloned(block(depth + 1), end());
        };
    }

    private int[] end() {
        return switch (random.nextInt(4)) {
            case 0 -> Code.last(2);
            case 1 -> Code.recirculate(random.nextInt());
            case 2 -> Code.recirculateByLength(random.nextInt(200), 1, 2);
            default -> Code.output(3);
        };
    }

    private int[] change() {
        return switch (random.nextInt(12)) {
            case 0 -> Code.pushVlan(random.nextBoolean() ? 0x8100 : 0x88a8, random.nextInt(0x10000) & ~0x1000);
            case 1 -> Code.popVlan();
            case 2 -> Code.decTtl();
            case 3 ->
                Code.pushMpls(
                        0x8847 + random.nextInt(2),
                        random.nextInt(1 << 20),
                        random.nextInt(8),
                        random.nextBoolean(),
                        random.nextInt(256));
            case 4 -> Code.popMpls(TYPES[random.nextInt(TYPES.length)]);
            case 5 ->
                switch (random.nextInt(3)) {
                    case 0 -> Code.decMplsTtl();
                    case 1 -> Code.copyTtlIn();
                    default -> Code.copyTtlOut();
                };
            default -> set(FIELDS.get(random.nextInt(FIELDS.size())));
        };
    }

    private int[] set(Field field) {
        long mask = random.nextBoolean() ? field.ones() : random.nextLong() & field.ones();
        long value = random.nextLong() & field.ones();
        return field.widthBits() == 128 ? Code.set128(field, value, ~value, mask, mask) : Code.set(field, value, mask);
    }
}
