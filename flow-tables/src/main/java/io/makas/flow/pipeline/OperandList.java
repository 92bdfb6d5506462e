// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.PacketInContext;
import java.util.ArrayList;
import java.util.List;

/** Collects the {@link Operands} of a program. For one walk. */
final class OperandList {

    private final List<PacketInContext> packetIns = new ArrayList<>(0);
    private final List<Action.Sample> samples = new ArrayList<>(0);
    private final List<FrozenState> frozenStates = new ArrayList<>(0);

    /** The number of a packet-in context. */
    int add(PacketInContext packetIn) {
        packetIns.add(packetIn);
        return packetIns.size() - 1;
    }

    /** The number of a sample. */
    int add(Action.Sample sample) {
        samples.add(sample);
        return samples.size() - 1;
    }

    /** Keeps an interrupted walk from being forgotten while the program may still run. */
    void hold(FrozenState state) {
        frozenStates.add(state);
    }

    Operands toOperands() {
        if (packetIns.isEmpty() && samples.isEmpty() && frozenStates.isEmpty()) {
            return Operands.NONE;
        }
        return new Operands(
                packetIns.toArray(new PacketInContext[0]),
                samples.toArray(new Action.Sample[0]),
                List.copyOf(frozenStates));
    }
}
