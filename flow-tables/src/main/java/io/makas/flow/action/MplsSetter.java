// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;
import io.makas.flow.packet.Ipv4;
import io.makas.flow.packet.Ipv6;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.Mpls;
import java.lang.foreign.MemorySegment;

/**
 * Sets fields of the outer MPLS label stack entry of a frame, and copies TTLs between it and the header behind it.
 *
 * <p>A frame without an entry is left alone. Behind the bottom of the stack the first half byte tells IPv4 from IPv6; there is
 * nothing else to tell by, and what is neither has no TTL to copy. Stateless; allocates nothing.
 */
final class MplsSetter {

    private MplsSetter() {}

    /** Whether the frame has an entry. */
    static boolean hasEntry(Frame frame, long layers) {
        return Mpls.isMpls(Layers.type(frame.memory, frame.address, layers))
                && frame.lengthBytes - Layers.network(layers) >= Mpls.ENTRY_BYTES;
    }

    /** Sets the bits {@code mask} of the label, the traffic class or the TTL. */
    static void set(Frame frame, long layers, Field field, int value, int mask) {
        if (!hasEntry(frame, layers)) {
            return;
        }
        int shift = switch (field) {
            case MPLS_LABEL -> Mpls.LABEL_SHIFT;
            case MPLS_TC -> Mpls.TRAFFIC_CLASS_SHIFT;
            case MPLS_TTL -> 0;
            default -> throw new IllegalArgumentException(field + " is no field of MPLS to set");
        };
        long stack = frame.address + Layers.network(layers);
        int old = Mpls.entry(frame.memory, stack, 0);
        Mpls.setEntry(frame.memory, stack, old & ~(mask << shift) | (value & mask) << shift);
    }

    /** Takes one off the TTL. */
    static void decrementTtl(Frame frame, long layers) {
        if (hasEntry(frame, layers)) {
            long stack = frame.address + Layers.network(layers);
            set(frame, layers, Field.MPLS_TTL, Mpls.entry(frame.memory, stack, 0) - 1, Mpls.TTL_MASK);
        }
    }

    /** Copies the TTL of the next entry, or of the IP header behind the only one, to the outer entry. */
    static void copyTtlOut(Frame frame, long layers) {
        if (!hasEntry(frame, layers)) {
            return;
        }
        MemorySegment memory = frame.memory;
        long stack = frame.address + Layers.network(layers);
        long next = stack + Mpls.ENTRY_BYTES;
        switch (next(frame, layers)) {
            case ENTRY -> set(frame, layers, Field.MPLS_TTL, Mpls.entry(memory, stack, 1), Mpls.TTL_MASK);
            case IPV4 -> set(frame, layers, Field.MPLS_TTL, Ipv4.ttl(memory, next), Mpls.TTL_MASK);
            case IPV6 -> set(frame, layers, Field.MPLS_TTL, Ipv6.hopLimit(memory, next), Mpls.TTL_MASK);
            case OTHER -> {
                // Has none.
            }
        }
    }

    /** Copies the TTL of the outer entry to the next one, or to the IP header behind the only one. */
    static void copyTtlIn(Frame frame, long layers) {
        if (!hasEntry(frame, layers)) {
            return;
        }
        MemorySegment memory = frame.memory;
        long stack = frame.address + Layers.network(layers);
        long next = stack + Mpls.ENTRY_BYTES;
        int ttl = Mpls.entry(memory, stack, 0) & Mpls.TTL_MASK;
        switch (next(frame, layers)) {
            case ENTRY -> Mpls.setEntry(memory, next, Mpls.entry(memory, next, 0) & ~Mpls.TTL_MASK | ttl);
            case IPV4 -> Ipv4.setTtl(memory, next, ttl);
            case IPV6 -> Ipv6.setHopLimit(memory, next, ttl);
            case OTHER -> {
                // Has none.
            }
        }
    }

    /** What is behind the outer entry, if it is wholly there. */
    private static Next next(Frame frame, long layers) {
        MemorySegment memory = frame.memory;
        long stack = frame.address + Layers.network(layers);
        long next = stack + Mpls.ENTRY_BYTES;
        long bytes = frame.address + frame.lengthBytes - next;
        if ((Mpls.entry(memory, stack, 0) & Mpls.BOTTOM_OF_STACK) == 0) {
            return bytes >= Mpls.ENTRY_BYTES ? Next.ENTRY : Next.OTHER;
        }
        if (bytes >= Ipv4.HEADER_BYTES
                && Ipv4.version(memory, next) == 4
                && Ipv4.headerBytes(memory, next) >= Ipv4.HEADER_BYTES) {
            return Next.IPV4;
        }
        return bytes >= Ipv6.HEADER_BYTES && Ipv4.version(memory, next) == 6 ? Next.IPV6 : Next.OTHER;
    }

    private enum Next {
        ENTRY,
        IPV4,
        IPV6,
        OTHER
    }
}
