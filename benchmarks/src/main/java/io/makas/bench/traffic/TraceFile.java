// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of flows, 16 bytes each, numbers in network order:
 *
 * <pre>
 *  0               4               8       10      12   13       16
 *  | source        | destination   | s.port| d.port| pr | 0  0  0 |
 * </pre>
 */
public final class TraceFile {

    /** Bytes of a record. */
    public static final int RECORD_BYTES = 16;

    private static final int PROTOCOL = 12;

    private TraceFile() {}

    /**
     * Reads the flows in the file's order.
     *
     * @throws IllegalArgumentException if it is not such a file; the message says where and why
     * @throws IOException if it cannot be read
     */
    public static FlowSet read(Path file) throws IOException {
        long sizeBytes = Files.size(file);
        if (sizeBytes == 0) {
            throw new IllegalArgumentException("trace '" + file + "' is empty; a record is 16 bytes");
        }
        if (sizeBytes % RECORD_BYTES != 0) {
            throw new IllegalArgumentException("trace '" + file + "' has " + sizeBytes
                    + " bytes, which is no multiple of 16, the length of a record");
        }
        if (sizeBytes / RECORD_BYTES > FlowSet.MAX_FLOWS) {
            throw new IllegalArgumentException("trace '" + file + "' has " + sizeBytes / RECORD_BYTES
                    + " records; at most " + FlowSet.MAX_FLOWS + " can be sent");
        }
        return parse(file, ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.BIG_ENDIAN));
    }

    private static FlowSet parse(Path file, ByteBuffer records) {
        FlowSet flows = new FlowSet(records.capacity() / RECORD_BYTES);
        for (int i = 0; i < flows.count(); i++) {
            int at = i * RECORD_BYTES;
            int last = records.getInt(at + PROTOCOL);
            if ((last & 0xff_ffff) != 0) {
                throw new IllegalArgumentException("record " + i + " of trace '" + file + "' (byte " + at
                        + ") does not end with 3 zero bytes: is it a file of 16-byte records in network order?");
            }
            flows.set(
                    i,
                    new FiveTuple(
                            records.getInt(at),
                            records.getInt(at + 4),
                            Short.toUnsignedInt(records.getShort(at + 8)),
                            Short.toUnsignedInt(records.getShort(at + 10)),
                            last >>> 24));
        }
        return flows;
    }
}
