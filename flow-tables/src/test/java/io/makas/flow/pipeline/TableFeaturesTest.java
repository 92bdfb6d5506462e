// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.key.Field;
import io.makas.flow.table.ActionType;
import io.makas.flow.table.InstructionType;
import io.makas.flow.table.TableConfig;
import io.makas.flow.table.TableFeatures;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a table says that its flows can say. */
final class TableFeaturesTest extends PipelineFixture {

    @Test
    void shouldTellWhatWasSetOfTheTable() {
        assertEquals(1_000, pipeline.tableFeatures(4).maxFlows());
        assertEquals("table4", pipeline.tableFeatures(4).name());

        pipeline.configureTable(4, new TableConfig("acl", 7, true));

        assertEquals(7, pipeline.tableFeatures(4).maxFlows());
        assertEquals("acl", pipeline.tableFeatures(4).name());
        assertThrows(IndexOutOfBoundsException.class, () -> pipeline.tableFeatures(255));
    }

    @Test
    void shouldTellWhereTheWalkCanGoOn() {
        assertEquals(254, pipeline.tableFeatures(0).nextTables().size());
        assertEquals(List.of(253, 254), pipeline.tableFeatures(252).nextTables());
        TableFeatures last = pipeline.tableFeatures(254);
        assertEquals(List.of(), last.nextTables());
        assertFalse(last.instructions().contains(InstructionType.GOTO_TABLE));
        assertTrue(pipeline.tableFeatures(253).instructions().contains(InstructionType.GOTO_TABLE));
    }

    @Test
    void shouldTellWhatFlowsCanSay() {
        TableFeatures features = pipeline.tableFeatures(0);

        assertTrue(features.instructions()
                .containsAll(EnumSet.of(
                        InstructionType.WRITE_METADATA,
                        InstructionType.WRITE_ACTIONS,
                        InstructionType.APPLY_ACTIONS,
                        InstructionType.CLEAR_ACTIONS)));
        Set<ActionType> most = EnumSet.of(
                ActionType.OUTPUT,
                ActionType.PUSH_VLAN,
                ActionType.POP_VLAN,
                ActionType.DEC_NW_TTL,
                ActionType.SET_FIELD);
        assertTrue(features.applyActions().containsAll(most), features.toString());
        assertTrue(features.writeActions().containsAll(most), features.toString());
        assertTrue(features.matchFields().containsAll(Set.of(Field.IN_PORT, Field.TCP_DST, Field.REG0)));
        assertFalse(features.matchFields().contains(Field.RECIRC_ID));
        assertTrue(features.setFields().containsAll(Set.of(Field.TCP_DST, Field.REG0, Field.ETH_SRC)));
        assertFalse(features.setFields().contains(Field.IP_PROTO));
        assertEquals(-1L, features.metadataMatch() & features.metadataWrite());
    }
}
