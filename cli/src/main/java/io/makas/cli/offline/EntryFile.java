// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.PipelineMod;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import java.util.ArrayList;
import java.util.List;

/** A file of flows, groups or meters, one a line, in the syntax of {@code ovs-ofctl}. For one file. */
final class EntryFile {

    /** Where a piece of an entry's text comes from: its characters from {@code from} on, counted from 0, are a line's. */
    private record Piece(int from, int line, int column) {}

    /** The text of an entry, which may be that of many lines. */
    private record Entry(String text, List<Piece> pieces) {

        private static Entry of(int line, String text) {
            return new Entry(text, List.of(new Piece(0, line, 1)));
        }

        private Entry with(int line, String more) {
            String stripped = more.strip();
            List<Piece> all = new ArrayList<>(pieces);
            all.add(new Piece(text.length() + 1, line, more.indexOf(stripped) + 1));
            return new Entry(text + " " + stripped, all);
        }

        /** Something wrong at a column of the text. */
        private InputException error(String file, int column, String message) {
            Piece piece = pieces.getFirst();
            for (Piece each : pieces) {
                piece = each.from < column ? each : piece;
            }
            return new InputException(file, piece.line, column - piece.from + piece.column - 1, message);
        }
    }

    private final EntryKind kind;
    private final String name;
    private final List<Entry> entries = new ArrayList<>();
    private final List<PipelineMod> mods = new ArrayList<>();

    private EntryFile(EntryKind kind, String path) {
        this.kind = kind;
        this.name = path.equals(TextInput.STANDARD_INPUT) ? "standard input" : path;
    }

    /** Reads a file and adds its entries, in order, all or none. */
    static void load(EntryKind kind, String path, Pipeline pipeline) throws InputException {
        EntryFile file = new EntryFile(kind, path);
        file.read(path);
        try {
            pipeline.apply(file.mods);
        } catch (FlowModException e) {
            Entry entry = file.entries.get(e.index());
            int column = EntryKind.columnOf(e.kind(), entry.text);
            throw entry.error(file.name, column, kind.withExpectation(e.getMessage()));
        }
    }

    private void read(String path) throws InputException {
        try (TextInput input = TextInput.open(path, () -> {})) {
            Entry open = null;
            for (String line = input.nextLine(); line != null; line = input.nextLine()) {
                String text = FlowText.flowOf(line);
                if (text.isBlank()) {
                    continue;
                }
                if (open != null && kind.goesOnWith(text)) {
                    open = open.with(input.line(), text);
                    continue;
                }
                close(open);
                open = Entry.of(input.line(), text);
            }
            close(open);
        }
    }

    private void close(Entry entry) throws InputException {
        if (entry == null) {
            return;
        }
        try {
            mods.add(kind.parse(entry.text));
            entries.add(entry);
        } catch (FlowTextException e) {
            throw entry.error(name, e.column(), kind.withExpectation(e.getMessage()));
        }
    }
}
