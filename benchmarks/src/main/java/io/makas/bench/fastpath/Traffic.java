// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.fastpath;

import io.makas.flow.key.Field;
import io.makas.flow.packet.IpProtocol;
import java.util.SplittableRandom;

/**
 * The flows of a measurement, three words each, and the order in which their packets come.
 *
 * <p>Thread: one.
 */
final class Traffic {

    /** Packets in an order that is not simply in turn, before it begins again. */
    private static final int ORDER_LENGTH = 1 << 21;

    private final long[] addresses;
    private final int[] ports;
    private final byte[] protocols;
    private final int[] order;
    private int next;

    private Traffic(int flows, boolean zipf) {
        addresses = new long[flows];
        ports = new int[flows];
        protocols = new byte[flows];
        order = zipf ? zipfOrder(flows) : null;
    }

    /** UDP flows whose addresses and ports all differ. */
    static Traffic anyFlows(int flows, boolean zipf) {
        Traffic traffic = new Traffic(flows, zipf);
        for (int i = 0; i < flows; i++) {
            traffic.addresses[i] = (0x0a00_0000L + (i & 0xff_ffff)) << 32 | 0x0a00_0000L + (i * 0x9e3779b1 >>> 8);
            traffic.ports[i] = 1_024 + i % 50_021 << 16 | 2_000;
            traffic.protocols[i] = IpProtocol.UDP;
        }
        return traffic;
    }

    /** The flows of packets given by their keys, which are TCP or UDP over IPv4. */
    static Traffic ofKeys(long[][] keys, boolean zipf) {
        Traffic traffic = new Traffic(keys.length, zipf);
        for (int i = 0; i < keys.length; i++) {
            traffic.addresses[i] = keys[i][Field.IP_SRC.word()];
            traffic.ports[i] = (int) (keys[i][Field.TCP_SRC.word()] >>> 32);
            traffic.protocols[i] = (byte) Field.IP_PROTO.in(keys[i]);
        }
        return traffic;
    }

    /** Goes on to the next packet. Returns its flow. */
    int next() {
        int at = next++;
        if (order == null) {
            next = next == addresses.length ? 0 : next;
            return at;
        }
        next &= ORDER_LENGTH - 1;
        return order[at];
    }

    /** Source and destination address. */
    long addresses(int flow) {
        return addresses[flow];
    }

    /** Source and destination port. */
    int ports(int flow) {
        return ports[flow];
    }

    /** The IP protocol. */
    byte protocol(int flow) {
        return protocols[flow];
    }

    /** Flow k, from 1 on, comes 1/k times as often as the first. */
    private static int[] zipfOrder(int flows) {
        double[] sums = new double[flows];
        double sum = 0;
        for (int i = 0; i < flows; i++) {
            sum += 1.0 / (i + 1);
            sums[i] = sum;
        }
        SplittableRandom random = new SplittableRandom(5);
        int[] order = new int[ORDER_LENGTH];
        for (int i = 0; i < order.length; i++) {
            int at = java.util.Arrays.binarySearch(sums, random.nextDouble(sum));
            order[i] = Math.min(at < 0 ? -at - 1 : at, flows - 1);
        }
        return order;
    }
}
