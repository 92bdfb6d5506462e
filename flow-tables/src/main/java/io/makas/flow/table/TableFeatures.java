// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What flows of a table can say ({@code ofp_table_features}, OpenFlow 1.3.5 §7.3.5.5). Asked of the code that lets flows in, so
 * it is what is true; table-miss flows can say the same.
 *
 * @param table its number
 * @param name what people call it
 * @param maxFlows how many flows there can be in it
 * @param metadataMatch bits of the metadata that can be matched
 * @param metadataWrite bits of the metadata that can be written
 * @param instructions what flows can have
 * @param nextTables where {@code goto_table} can lead
 * @param writeActions what can be put into the action set
 * @param applyActions what can be executed at once
 * @param matchFields what can be matched, and left out of a match; {@link Field#maskable()} says which of them under a mask
 * @param setFields what {@code set_field} can set, in the action set and at once
 */
public record TableFeatures(
        int table,
        String name,
        int maxFlows,
        long metadataMatch,
        long metadataWrite,
        Set<InstructionType> instructions,
        List<Integer> nextTables,
        Set<ActionType> writeActions,
        Set<ActionType> applyActions,
        Set<Field> matchFields,
        Set<Field> setFields) {

    /** The features of a table of which all tables together may have so many flows. */
    static TableFeatures of(FlowTable table, int maxFlows) {
        int id = table.id();
        TableConfig config = table.config();
        return new TableFeatures(
                id,
                config.name(),
                Math.min(config.maxFlows(), maxFlows),
                Field.METADATA.ones(),
                Field.METADATA.ones(),
                those(InstructionType.class, type -> isLetIn(id, type.example(id))),
                IntStream.range(id + 1, FlowTables.COUNT)
                        .filter(next -> isLetIn(id, Instructions.NONE.thenGoto(next)))
                        .boxed()
                        .toList(),
                those(ActionType.class, type -> isLetIn(id, Instructions.write(type.example()))),
                those(ActionType.class, type -> isLetIn(id, Instructions.apply(type.example()))),
                // The switch's own.
                those(Field.class, field -> field != Field.RECIRC_ID),
                those(Field.class, Field::settable));
    }

    private static boolean isLetIn(int table, Instructions instructions) {
        try {
            InstructionCheck.checkForm(0, table, instructions);
            return true;
        } catch (FlowModException e) {
            return false;
        }
    }

    private static <E extends Enum<E>> Set<E> those(Class<E> type, Predicate<E> isOne) {
        EnumSet<E> found = EnumSet.allOf(type);
        found.removeIf(isOne.negate());
        return Set.copyOf(found);
    }
}
