// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.makas.flow.action.Instructions;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowModException.Kind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Edits that are out of range: of numbers, and of the room that there is. */
final class FlowModRangesTest extends PipelineFixture {

    @Test
    void shouldRefuseMoreFlowsThanThereIsRoomFor() throws FlowModException {
        Pipeline small = new Pipeline(() -> 0, 2);
        small.apply(mods("priority=1,actions=drop", "priority=2,actions=drop"));

        small.apply(mods("priority=2,actions=output:1", "delete_strict priority=1", "priority=3,actions=drop"));

        FlowModException e = assertThrows(FlowModException.class, () -> small.apply(mods("priority=4,actions=drop")));
        assertEquals(Kind.TABLE_FULL, e.kind());
    }

    @Test
    void shouldRefusePrioritiesAndTimeoutsOutOfRange() {
        FlowMod.Add priority = new FlowMod.Add(0, 65536, Match.ANY, Instructions.NONE);
        FlowMod.Add timeout = new FlowMod.Add(0, 1, Match.ANY, Instructions.NONE, 0, -1, 0, Set.of(), 0);

        assertEquals(Kind.BAD_PRIORITY, refusedMod(priority).kind());
        assertEquals(Kind.BAD_TIMEOUT, refusedMod(timeout).kind());
        assertEquals(
                Kind.BAD_TABLE_ID,
                refusedMod(new FlowMod.Delete(FlowFilter.inTable(300))).kind());
        assertEquals(
                Kind.BAD_TABLE_ID,
                refusedMod(new FlowMod.Delete(FlowFilter.inTable(-1))).kind());
    }

    private FlowModException refusedMod(FlowMod mod) {
        return assertThrows(FlowModException.class, () -> pipeline.apply(List.of(mod)));
    }
}
