// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Memory;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.PartialChecksum;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Finds the frames whose checksum a kernel left undone, on a way that does not say so: XDP loses the kernel's mark, but the
 * field is that of a partial checksum.
 *
 * <p>Thread: the worker of the queue; {@link #areManyOf} from anywhere.
 */
final class UndoneChecksums {

    /** A checksum of TCP or UDP that is undone, wherever the headers have it. */
    private static final long UNDONE = Offload.of(Offload.NEEDS_CHECKSUM, Offload.GSO_NONE, 0, 0, 0);

    private static final VarHandle FOUND = foundHandle();

    /** Frames found so far. Written by the worker. */
    private long found;

    /** Marks such frames, so that whoever needs the checksum completes it. SCTP's cannot be left to others: it is completed. */
    void mark(FrameBatch batch) {
        int undone = 0;
        for (int i = 0; i < batch.count; i++) {
            long layers = Layers.locate(Memory.ALL, batch.address[i], batch.lengthBytes[i]);
            if (PartialChecksum.isPartial(Memory.ALL, batch.address[i], layers)) {
                undone++;
                if (Layers.protocol(layers) == IpProtocol.SCTP) {
                    PartialChecksum.complete(Memory.ALL, batch.address[i], layers);
                } else {
                    batch.offload[i] = UNDONE;
                }
            }
        }
        if (undone > 0) {
            FOUND.setOpaque(this, found + undone);
        }
    }

    /** Whether there were more among so many frames than chance makes: one finished checksum in 65,536 looks undone. */
    boolean areManyOf(long frames) {
        return (long) FOUND.getOpaque(this) > 100 + frames / 1_000;
    }

    private static VarHandle foundHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(UndoneChecksums.class, "found", long.class);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
