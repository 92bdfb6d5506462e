// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import java.io.PrintWriter;

/** Gathers lines and writes many at once. The caller flushes it at the end, also when something went wrong. */
final class ResultOutput {

    private static final int WRITTEN_AT_ONCE = 1 << 16;

    private final PrintWriter out;
    private final StringBuilder gathered = new StringBuilder(2 * WRITTEN_AT_ONCE);

    ResultOutput(PrintWriter out) {
        this.out = out;
    }

    /** Where a line is written to; {@link #endLine} ends it. */
    StringBuilder text() {
        return gathered;
    }

    /** Ends a line; answers false when nobody reads any more. */
    boolean endLine() {
        gathered.append('\n');
        if (gathered.length() < WRITTEN_AT_ONCE) {
            return true;
        }
        write();
        return !out.checkError();
    }

    /** Hands everything on. */
    void flush() {
        write();
        out.flush();
    }

    private void write() {
        out.append(gathered);
        gathered.setLength(0);
    }
}
