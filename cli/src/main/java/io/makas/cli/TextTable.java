// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows in columns as wide as their widest cell; columns of numbers stand right. */
final class TextTable {

    private final String[] titles;
    private final List<String[]> rows = new ArrayList<>();

    TextTable(String... titles) {
        this.titles = titles;
    }

    /** Adds a row; an absent cell is "-". */
    void row(Object... cells) {
        String[] row = new String[titles.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = cells[i] == null || cells[i].toString().isEmpty() ? "-" : cells[i].toString();
        }
        rows.add(row);
    }

    @Override
    public String toString() {
        var out = new StringBuilder();
        append(out, titles);
        rows.forEach(row -> append(out, row));
        return out.toString();
    }

    private void append(StringBuilder out, String[] row) {
        var line = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            String space = " ".repeat(width(i) - row[i].length());
            line.append(i == 0 ? "" : "  ").append(isNumeric(i) ? space + row[i] : row[i] + space);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private int width(int column) {
        int width = titles[column].length();
        for (String[] row : rows) {
            width = Math.max(width, row[column].length());
        }
        return width;
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty() && rows.stream().allMatch(row -> row[column].matches("[0-9.]+|-"));
    }
}
