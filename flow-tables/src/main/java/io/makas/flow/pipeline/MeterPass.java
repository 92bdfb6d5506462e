// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.ProgramRunner;
import io.makas.flow.meter.MeterEntry;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.FlowTables;

/**
 * A meter in a program, and whom packets were counted for that it drops: the flows, tables, groups and buckets that the walk
 * met only behind it. They are credited with every packet of the translation and lose the dropped ones here again, so that they
 * may have less than they will have until the packets that passed are credited, too.
 *
 * <p>Threads: any; allocates nothing.
 */
public final class MeterPass {

    private final MeterEntry meter;
    private final FlowTables tables;
    private final Credits credits;
    private final CreditList.Scope behind;

    MeterPass(MeterEntry meter, FlowTables tables, Credits credits, CreditList.Scope behind) {
        this.meter = meter;
        this.tables = tables;
        this.credits = credits;
        this.behind = behind;
    }

    /**
     * Measures a packet.
     *
     * @param nowNs when it came, on the pipeline's clock
     * @param lengthBytes its length as it is now, from Ethernet header to payload
     * @param receivedBytes its length as received, which flows count
     * @return {@link ProgramRunner.Sink#METER_DROP}, or by how much its drop precedence is to rise, usually 0
     */
    public int pass(long nowNs, int lengthBytes, int receivedBytes) {
        int levels = meter.pass(nowNs, lengthBytes);
        if (levels == ProgramRunner.Sink.METER_DROP) {
            takeBack(receivedBytes);
        }
        return levels;
    }

    /** Where, among the tables of the translation, those begin that only packets reach that pass. */
    public int firstTableBehind() {
        return behind.firstTable;
    }

    /** Where they end. */
    public int endTableBehind() {
        return behind.endTable;
    }

    private void takeBack(int receivedBytes) {
        for (int i = behind.firstEntry; i < behind.endEntry; i++) {
            FlowEntry entry = credits.entries()[i];
            entry.credit(-1, -receivedBytes, entry.lastUsedNs());
            tables.table(entry.table()).creditMatches(-1);
        }
        for (int i = behind.firstTable; i < behind.endTable; i++) {
            tables.table(credits.tables()[i]).creditLookups(-1);
        }
        for (int i = behind.firstCounter; i < behind.endCounter; i++) {
            credits.counters()[i].add(-1, -receivedBytes);
        }
    }
}
