// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.ActionProgram;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.Footprint;
import io.makas.flow.table.TrafficCounter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The commonest walks without all that others need: table 0 is looked up once, and its flow sends the packet to one port or drops
 * it. The answer is what {@link Walk} would give.
 *
 * <p>Threads: any.
 */
final class ShortWalk {

    /** Programs of ports with lower numbers are kept. */
    private static final int KEPT_PROGRAMS = 4_096;

    private static final int[] TABLE_0 = {0};
    private static final TrafficCounter[] NO_COUNTERS = {};
    private static final ActionProgram DROP = drop(DropReason.FLOW_DROP);
    private static final ActionProgram MISS = drop(DropReason.TABLE_MISS);

    /** A look-up writes into it. */
    private static final ThreadLocal<long[]> CONSULTED = ThreadLocal.withInitial(() -> new long[KeyLayout.WORDS]);

    /** Programs that send to a port, by its number. */
    private final AtomicReferenceArray<ActionProgram> outputs = new AtomicReferenceArray<>(KEPT_PROGRAMS);

    /** Answers what to do with a packet as received, as long as no walk was ever interrupted; null if the walk is not as short. */
    Translation translate(View view, long[] key) {
        long[] consulted = CONSULTED.get();
        Arrays.fill(consulted, 0);
        // As Walk does: every answer is for one port that packets come in by.
        consulted[Field.IN_PORT.word()] = Field.IN_PORT.wordMask();
        FlowEntry entry = view.tables().table(0).lookup(key, view.version(), consulted);
        ActionProgram program = entry == null ? MISS : program(view, entry.instructions(), key);
        if (program == null) {
            return null;
        }
        long[] mask = Arrays.copyOf(consulted, KeyLayout.RECEIVED_WORDS);
        FlowEntry[] entries = entry == null ? new FlowEntry[0] : new FlowEntry[] {entry};
        return new Translation(
                mask,
                program,
                Operands.NONE,
                new Credits(entries, TABLE_0, NO_COUNTERS, List.of()),
                view.generation(),
                true,
                Footprint.ofLookup(0, entry, key, mask));
    }

    private ActionProgram program(View view, Instructions instructions, long[] key) {
        boolean isShort = instructions.gotoTable() == Instructions.NO_TABLE
                && instructions.meter() == Instructions.NO_METER
                && instructions.write().isEmpty()
                && instructions.apply().size() <= 1;
        if (!isShort) {
            return null;
        }
        if (instructions.apply().isEmpty()) {
            return DROP;
        }
        if (!(instructions.apply().getFirst() instanceof Action.Output output)
                || output.port() == (int) Field.IN_PORT.in(key)
                || !view.ports().isUsable(output.port())) {
            return null;
        }
        int port = output.port();
        ActionProgram kept = port >= 0 && port < KEPT_PROGRAMS ? outputs.getAcquire(port) : null;
        return kept == null ? newProgram(port) : kept;
    }

    private ActionProgram newProgram(int port) {
        ProgramWriter writer = new ProgramWriter();
        writer.output(port);
        ActionProgram program = writer.finish(DropReason.FLOW_DROP);
        if (port >= 0 && port < KEPT_PROGRAMS) {
            outputs.setRelease(port, program);
        }
        return program;
    }

    private static ActionProgram drop(DropReason reason) {
        return new ProgramWriter().finish(reason);
    }
}
