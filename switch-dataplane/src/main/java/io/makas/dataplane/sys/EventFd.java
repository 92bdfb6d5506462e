// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A counter of the kernel that wakes whoever polls it: how a control thread wakes an idle worker.
 *
 * <p>Thread: {@link #signal} from any thread, {@link #drain} from the one that waits. Owner: the one who made it, who closes
 * it when nobody waits any more; a signal that comes too late does nothing.
 */
public final class EventFd implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final MemorySegment one = arena.allocate(ValueLayout.JAVA_LONG);
    private final MemorySegment drained = arena.allocate(ValueLayout.JAVA_LONG);
    private final Descriptor descriptor;
    /** Guarded by this, like the descriptor's number. */
    private boolean closed;

    /** Opens a counter at 0. */
    public EventFd() {
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        this.descriptor = new Descriptor(
                LibcFiles.eventfd(0, LibcFiles.EFD_CLOEXEC | LibcFiles.EFD_NONBLOCK),
                "eventfd",
                "raise the limit of open files (ulimit -n)");
    }

    private EventFd(int fd) {
        one.set(ValueLayout.JAVA_LONG, 0, 1);
        this.descriptor = new Descriptor(fd, "eventfd", "");
    }

    /**
     * Takes over a counter that another process made, e.g. to signal it.
     *
     * @throws SysException when the descriptor is something else; it is then closed
     */
    public static EventFd adopt(int fd) {
        if (!FileStatus.isEventFd(fd)) {
            LibcFiles.close(fd);
            throw new SysException("descriptor " + fd + " is not an eventfd");
        }
        LibcFiles.makeNonBlocking(fd);
        return new EventFd(fd);
    }

    /** The descriptor to wait on: readable from the first {@link #signal} to the next {@link #drain}. */
    public int fileDescriptor() {
        return descriptor.number();
    }

    /** Wakes the waiting thread, or makes its next wait return at once. */
    public synchronized void signal() {
        // The number may have been given to another file, which would be written to.
        if (!closed) {
            LibcFiles.write(descriptor.number(), one.address(), Long.BYTES);
        }
    }

    /** Forgets signals. Returns how many there were since the last call. */
    public long drain() {
        long answer = LibcFiles.read(descriptor.number(), drained.address(), Long.BYTES);
        return answer == Long.BYTES ? drained.get(ValueLayout.JAVA_LONG, 0) : 0;
    }

    @Override
    public synchronized void close() {
        closed = true;
        descriptor.close();
        arena.close();
    }
}
