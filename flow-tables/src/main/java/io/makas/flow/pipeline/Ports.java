// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import java.util.Arrays;
import java.util.Collection;

/** The ports that packets can be sent by, as walks want them: sorted numbers. Immutable. */
final class Ports {

    static final Ports NONE = new Ports(new int[0], new int[0]);

    private final int[] usable;
    private final int[] flooded;

    private Ports(int[] usable, int[] flooded) {
        this.usable = usable;
        this.flooded = flooded;
    }

    static Ports of(Collection<PortState> states) {
        for (PortState state : states) {
            if (state.number() == 0) {
                throw new IllegalArgumentException("port 0: ports have numbers from 1 on");
            }
        }
        return new Ports(
                states.stream()
                        .filter(PortState::isUsable)
                        .mapToInt(PortState::number)
                        .sorted()
                        .toArray(),
                states.stream()
                        .filter(state -> state.isUsable() && state.floods())
                        .mapToInt(PortState::number)
                        .sorted()
                        .toArray());
    }

    boolean isUsable(int port) {
        return Arrays.binarySearch(usable, port) >= 0;
    }

    /** The ports of ALL, that of the packet included. Not to be changed. */
    int[] usable() {
        return usable;
    }

    /** The ports of FLOOD, that of the packet included. Not to be changed. */
    int[] flooded() {
        return flooded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ports that
                && Arrays.equals(usable, that.usable)
                && Arrays.equals(flooded, that.flooded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(usable);
    }
}
