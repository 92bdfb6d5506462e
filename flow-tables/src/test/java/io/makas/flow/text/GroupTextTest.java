// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GroupTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group:7",
                "group:0",
                "group:4294967040",
                "meter:1,output:2",
                "meter:4294901760",
                "meter:3,group:4,write_actions(group:5),goto_table:1",
            })
    void shouldWriteWhatItReadsOfGroupsAndMetersInFlows(String actions) throws FlowTextException {
        assertEquals(actions, FlowText.format(FlowText.parseActions("", actions)));
    }

    @Test
    void shouldReadMetersWhereverTheyStand() throws FlowTextException {
        assertEquals(
                Instructions.apply(new Action.Output(2)).throughMeter(9),
                FlowText.parseActions("", "output:2,meter:9"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "group: | 7 | nothing here where a number from 0 to 4294967040",
                "group:4294967041 | 7 | where a number from 0 to 4294967040",
                "meter:0 | 7 | where a meter from 1 to 4294901760",
                "meter:1,meter:2 | 9 | instruction meter is there twice",
                "write_actions(meter:1) | 15 | cannot be within another one",
            })
    void shouldPointToWhatIsWrongWithGroupsAndMetersInFlows(String actions, int column, String message) {
        FlowTextException e = assertThrows(FlowTextException.class, () -> FlowText.parseActions("", actions));

        assertEquals(column, e.column());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
