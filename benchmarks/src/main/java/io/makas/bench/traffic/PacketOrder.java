// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/** In which order the packets of flows come. */
public enum PacketOrder {
    /** One flow after the other, then again from the first: the worst case for every cache. */
    SEQ,
    /** The n-th flow with a probability like 1/n (Zipf's law, exponent 1), independently. */
    ZIPF;

    /** Packets of a precomputed order at least, so that rare flows come, too. */
    private static final int MIN_PACKETS = 1 << 20;

    /** Packets of a precomputed order for each flow. */
    private static final int PACKETS_A_FLOW = 4;

    /** Reads {@code seq} or {@code zipf}. */
    public static PacketOrder of(String word) {
        return switch (word) {
            case "seq" -> SEQ;
            case "zipf" -> ZIPF;
            default -> throw new IllegalArgumentException("order '" + word + "' is neither seq nor zipf");
        };
    }

    /** The word that {@link #of} reads. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Which flow each packet is of; after the last one it begins again.
     *
     * @param flows how many flows there are
     * @param seed the same seed gives the same order
     */
    public int[] indices(int flows, long seed) {
        if (this == SEQ) {
            int[] order = new int[flows];
            Arrays.setAll(order, i -> i);
            return order;
        }
        double[] cumulative = new double[flows];
        double sum = 0;
        for (int i = 0; i < flows; i++) {
            sum += 1.0 / (i + 1);
            cumulative[i] = sum;
        }
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[Math.clamp((long) flows * PACKETS_A_FLOW, MIN_PACKETS, FlowSet.MAX_FLOWS)];
        for (int i = 0; i < order.length; i++) {
            int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
            order[i] = Math.min(found < 0 ? -found - 1 : found + 1, flows - 1);
        }
        return order;
    }
}
