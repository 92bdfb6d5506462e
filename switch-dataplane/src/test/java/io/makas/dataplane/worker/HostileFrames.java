// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.flow.packet.FrameBuilder;
import java.util.Arrays;
import java.util.Random;

/** Makes frames that no honest sender makes, at random. */
final class HostileFrames {

    private static final int LONGEST_BYTES = 9_018;

    private final Random random;

    HostileFrames(Random random) {
        this.random = random;
    }

    /** A frame that was right once: some of its bytes are changed, and it is cut off or continued anywhere. */
    byte[] next() {
        byte[] right = rightFrame();
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            right[random.nextInt(Math.min(right.length, 70))] = (byte) random.nextInt(256);
        }
        return switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(right, 1 + random.nextInt(right.length));
            case 1 -> Arrays.copyOf(right, right.length + random.nextInt(60));
            case 2 -> Arrays.copyOf(right, LONGEST_BYTES - random.nextInt(6));
            default -> right;
        };
    }

    private byte[] rightFrame() {
        FrameBuilder builder = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
        for (int tags = random.nextInt(5) - 1; tags > 0; tags--) {
            builder.vlan(random.nextInt(4_096));
        }
        byte[] bytes = new byte[random.nextInt(80)];
        random.nextBytes(bytes);
        return switch (random.nextInt(8)) {
            case 7 -> {
                byte[] inner = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                        .ipv4("10.0.0.1", "10.0.0.2")
                        .udp(1, 2)
                        .payload(bytes)
                        .build();
                yield builder.mpls(random.nextInt(100), 0, random.nextInt(4) > 0, 64)
                        .payload(Arrays.copyOfRange(inner, 14, inner.length))
                        .build();
            }
            case 0 ->
                builder.ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).payload(bytes).build();
            case 1 ->
                builder.ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload(bytes).build();
            case 2 ->
                builder.ipv6("2001:db8::1", "2001:db8::2")
                        .tcp(1, 2)
                        .payload(bytes)
                        .build();
            case 3 ->
                builder.ipv6("2001:db8::1", "2001:db8::2")
                        .udp(1, 2)
                        .payload(bytes)
                        .build();
            case 4 -> builder.type(0x0806).payload(bytes).build();
            case 5 -> builder.type(0x86dd).payload(bytes).build();
            default -> builder.type(0x0800).payload(bytes).build();
        };
    }
}
