// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Many descriptors behind one that is readable when any of them was signalled since the last {@link #consume}.
 *
 * <p>It watches edges: a signal is noticed once and the descriptor itself is never read. So a descriptor that an untrusted
 * peer made may be watched without the risk that reading it blocks.
 *
 * <p>Thread: {@link #watch} and {@link #unwatch} from any, {@link #consume} from one. Owner: the one who made it.
 */
public final class Epoll implements AutoCloseable {

    /** {@code EPOLL_CLOEXEC} of linux/eventpoll.h. */
    private static final int EPOLL_CLOEXEC = LibcFiles.O_CLOEXEC;
    /** {@code EPOLL_CTL_ADD}. */
    private static final int EPOLL_CTL_ADD = 1;
    /** {@code EPOLL_CTL_DEL}. */
    private static final int EPOLL_CTL_DEL = 2;
    /** {@code EPOLLIN | EPOLLET}. */
    private static final int EDGES = 1 | 1 << 31;

    /** Room for one {@code struct epoll_event} on any processor. */
    private static final int EVENT_BYTES = 16;
    /** Signals consumed in one call. */
    private static final int MAX_EVENTS = 64;

    private static final MethodHandle EPOLL_CREATE1 =
            Native.libc("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle EPOLL_CTL = Native.libc(
            "epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), Errno.CAPTURE);
    private static final MethodHandle EPOLL_WAIT = Native.libc(
            "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), Errno.CAPTURE);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment edges = arena.allocate(EVENT_BYTES, Long.BYTES);
    private final MemorySegment events = arena.allocate((long) EVENT_BYTES * MAX_EVENTS, Long.BYTES);
    private final Descriptor descriptor;

    /** Watches nothing yet. */
    public Epoll() {
        edges.set(JAVA_INT, 0, EDGES);
        this.descriptor = new Descriptor(create(), "epoll_create1", "raise the limit of open files (ulimit -n)");
    }

    /** The descriptor to wait on. */
    public int fileDescriptor() {
        return descriptor.number();
    }

    /**
     * Watches a descriptor. If it is readable already, that counts as a signal.
     *
     * @return 0, also when it is watched already, or −errno, e.g. {@code −EPERM} for a file that cannot be waited for
     */
    public int watch(int fd) {
        int answer = control(EPOLL_CTL_ADD, fd);
        return answer == -Errno.EEXIST ? 0 : answer;
    }

    /** Watches a descriptor no more. To be called before it is closed. */
    public void unwatch(int fd) {
        control(EPOLL_CTL_DEL, fd);
    }

    /** Forgets the signals up to now. Never blocks. */
    public void consume() {
        MemorySegment errno = Errno.segment();
        try {
            int count;
            do {
                count = (int) EPOLL_WAIT.invokeExact(errno, descriptor.number(), events, MAX_EVENTS, 0);
            } while (count == MAX_EVENTS);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    @Override
    public void close() {
        descriptor.close();
        arena.close();
    }

    private static int create() {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) EPOLL_CREATE1.invokeExact(errno, EPOLL_CLOEXEC), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private int control(int operation, int fd) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) EPOLL_CTL.invokeExact(errno, descriptor.number(), operation, fd, edges), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
