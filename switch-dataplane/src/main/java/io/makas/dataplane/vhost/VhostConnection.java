// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.sys.Errno;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.sys.UnixStream;
import java.lang.foreign.MemorySegment;

/**
 * Sends and receives whole {@link VhostMessage}s over a socket; for either end of the protocol.
 *
 * <p>Thread: one; {@link #shutdown} from any. Owner: the one who made it.
 */
public final class VhostConnection implements AutoCloseable {

    private final UnixStream socket;
    private final int[] fileDescriptors = new int[UnixStream.MAX_FILE_DESCRIPTORS];

    /** Takes over a connected socket. */
    public VhostConnection(UnixStream socket) {
        this.socket = socket;
    }

    /**
     * Sends a message.
     *
     * @throws SysException when the other end is gone
     */
    public void send(VhostMessage message) {
        long address = MemorySegment.ofBuffer(message.bytes()).address();
        int size = VhostMessage.HEADER_BYTES + message.sizeBytes();
        int sent = 0;
        while (sent < size) {
            int descriptors = sent == 0 ? message.fileDescriptorCount() : 0;
            long answer = socket.send(address + sent, size - sent, message.fileDescriptors(), descriptors);
            if (answer < 0) {
                throw new SysException(
                        "sending vhost-user message " + message.request(), (int) -answer, "the other end is gone");
            }
            sent += (int) answer;
        }
    }

    /**
     * Waits for the next message. The descriptors that come with it are the message's, see
     * {@link VhostMessage#closeFileDescriptors}.
     *
     * @return false when the other end has closed the connection, or this one was shut down
     * @throws SysException when what comes is not a message of this protocol
     */
    public boolean receive(VhostMessage into) {
        into.fileDescriptorCount(0);
        if (!fill(into, 0, VhostMessage.HEADER_BYTES)) {
            return false;
        }
        int version = into.flags() & VhostMessage.VERSION_MASK;
        int size = into.sizeBytes();
        if (version != VhostMessage.VERSION || size < 0 || size > VhostMessage.MAX_PAYLOAD_BYTES) {
            into.closeFileDescriptors();
            throw new SysException("vhost-user message " + into.request() + " of version " + version + " with "
                    + Integer.toUnsignedString(size) + " bytes; version " + VhostMessage.VERSION + " with at most "
                    + VhostMessage.MAX_PAYLOAD_BYTES + " is understood");
        }
        if (!fill(into, VhostMessage.HEADER_BYTES, size)) {
            into.closeFileDescriptors();
            return false;
        }
        return true;
    }

    /** Ends a call under way on another thread, and all later ones. */
    public void shutdown() {
        socket.shutdown();
    }

    @Override
    public void close() {
        socket.close();
    }

    private boolean fill(VhostMessage into, int offset, int sizeBytes) {
        long address = MemorySegment.ofBuffer(into.bytes()).address();
        int filled = 0;
        while (filled < sizeBytes) {
            long answer = socket.receive(address + offset + filled, sizeBytes - filled, fileDescriptors);
            keep(into, socket.receivedFileDescriptors());
            if (answer == 0 || answer == -Errno.ECONNRESET) {
                into.closeFileDescriptors();
                return false;
            }
            if (answer < 0) {
                into.closeFileDescriptors();
                throw new SysException("receiving a vhost-user message", (int) -answer, "");
            }
            filled += (int) answer;
        }
        return true;
    }

    private void keep(VhostMessage message, int count) {
        for (int i = 0; i < count; i++) {
            if (message.fileDescriptorCount() < UnixStream.MAX_FILE_DESCRIPTORS) {
                message.addFileDescriptor(fileDescriptors[i]);
            } else {
                UnixStream.closeFileDescriptor(fileDescriptors[i]);
            }
        }
    }
}
