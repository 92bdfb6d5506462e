// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import java.util.Arrays;

/** The flows of a measurement, a million or more of them in arrays. Filled once, then only read. */
public final class FlowSet {

    /** Flows that a measurement can have: 256 MiB of frame pieces. */
    public static final int MAX_FLOWS = 1 << 24;

    private final int[] source;
    private final int[] destination;
    private final int[] ports;
    private final byte[] protocol;

    /** Room for so many flows, all zero. */
    FlowSet(int count) {
        source = new int[count];
        destination = new int[count];
        ports = new int[count];
        protocol = new byte[count];
    }

    /** How many flows there are. */
    public int count() {
        return source.length;
    }

    /** One of the flows, from 0. */
    public FiveTuple flow(int index) {
        return new FiveTuple(
                source[index],
                destination[index],
                ports[index] >>> 16,
                ports[index] & 0xffff,
                Byte.toUnsignedInt(protocol[index]));
    }

    /** Its first flows, so many of them. */
    public FlowSet first(int count) {
        FlowSet some = new FlowSet(count);
        for (int i = 0; i < count; i++) {
            some.set(i, flow(i));
        }
        return some;
    }

    /** The flows of the answers, in the same order. */
    public FlowSet reversed() {
        FlowSet answers = new FlowSet(count());
        for (int i = 0; i < count(); i++) {
            answers.set(i, flow(i).reversed());
        }
        return answers;
    }

    /** How many of the flows are different. */
    public int distinct() {
        long[] hashes = new long[count()];
        for (int i = 0; i < hashes.length; i++) {
            hashes[i] = hash(i);
        }
        Arrays.parallelSort(hashes);
        int distinct = hashes.length == 0 ? 0 : 1;
        for (int i = 1; i < hashes.length; i++) {
            distinct += hashes[i] == hashes[i - 1] ? 0 : 1;
        }
        return distinct;
    }

    void set(int index, FiveTuple flow) {
        source[index] = flow.source();
        destination[index] = flow.destination();
        ports[index] = flow.sourcePort() << 16 | flow.destinationPort() & 0xffff;
        protocol[index] = (byte) flow.protocol();
    }

    /** 64 bits that two different flows share once in 2^64. */
    long hash(int index) {
        long addresses = (long) source[index] << 32 | Integer.toUnsignedLong(destination[index]);
        long rest = (long) ports[index] << 8 | Byte.toUnsignedLong(protocol[index]);
        return mix(mix(addresses) ^ rest * 0x9e3779b97f4a7c15L);
    }

    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
