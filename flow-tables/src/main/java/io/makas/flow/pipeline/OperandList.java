// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.PacketInContext;
import io.makas.flow.meter.MeterEntry;
import io.makas.flow.table.FlowTables;
import java.util.ArrayList;
import java.util.List;

/** Collects the {@link Operands} of a program. For one walk. */
final class OperandList {

    private final List<PacketInContext> packetIns = new ArrayList<>(0);
    private final List<Action.Sample> samples = new ArrayList<>(0);
    private final List<MeterEntry> meters = new ArrayList<>(0);
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

    /** The number of a meter, which is that of its scope in the credits. */
    int add(MeterEntry meter) {
        meters.add(meter);
        return meters.size() - 1;
    }

    /** Keeps an interrupted walk from being forgotten while the program may still run. */
    void hold(FrozenState state) {
        frozenStates.add(state);
    }

    /** The operands of a walk that is at its end, with what it credits. */
    Operands toOperands(CreditList credited, Credits credits, FlowTables tables) {
        if (packetIns.isEmpty() && samples.isEmpty() && meters.isEmpty() && frozenStates.isEmpty()) {
            return Operands.NONE;
        }
        MeterPass[] passes = new MeterPass[meters.size()];
        for (int i = 0; i < passes.length; i++) {
            passes[i] = new MeterPass(meters.get(i), tables, credits, credited.scope(i));
        }
        return new Operands(
                packetIns.toArray(new PacketInContext[0]),
                samples.toArray(new Action.Sample[0]),
                passes,
                List.copyOf(frozenStates));
    }
}
