// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * A network namespace, held open: it lives at least as long as this object.
 *
 * <p>Code runs inside by {@link #call}, on a fresh platform thread that ends afterwards, so that no thread of a pool and no
 * carrier of virtual threads is ever left in a foreign namespace. Sockets opened inside stay there and may be used from any
 * thread.
 *
 * <p>Thread: any. Owner: the one who opened it.
 */
public final class NetNamespace implements AutoCloseable {

    /** Where named namespaces are kept, as {@code ip netns} does. */
    public static final Path NAMED = Path.of("/run/netns");

    /** {@code NS_GET_NSTYPE} of {@code linux/nsfs.h}. */
    private static final long NS_GET_NSTYPE = 0xb703;

    private static final String NEEDS_ROOT = "needs CAP_SYS_ADMIN: run as root";

    private final String name;
    private final Descriptor descriptor;

    private NetNamespace(String name, Descriptor descriptor) {
        this.name = name;
        this.descriptor = descriptor;
    }

    /**
     * Opens a namespace by its file, e.g. {@code /run/netns/red} or {@code /proc/1234/ns/net}.
     *
     * @throws SysException when there is none, or the file is something else
     */
    public static NetNamespace open(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = LibcFiles.open(Native.string(arena, path.toString()), LibcFiles.O_RDONLY | LibcFiles.O_CLOEXEC);
            String advice = fd == -Errno.ENOENT ? "the namespace is gone, or its path is not mounted here" : "";
            Descriptor descriptor = new Descriptor(fd, "open of network namespace '" + path + "'", advice);
            if (LibcFiles.ioctl(fd, NS_GET_NSTYPE, MemorySegment.NULL) != LibcProcess.CLONE_NEWNET) {
                descriptor.close();
                throw new SysException("'" + path + "' is not a network namespace");
            }
            return new NetNamespace(path.toString(), descriptor);
        }
    }

    /** Opens the namespace that the calling thread is in. */
    public static NetNamespace current() {
        return open(Path.of("/proc/thread-self/ns/net"));
    }

    /** Makes a namespace without a name: it ends with this object, and with whatever is in it. */
    public static NetNamespace anonymous() {
        try {
            return onFreshThread("netns-create", () -> {
                check(LibcProcess.unshare(LibcProcess.CLONE_NEWNET), "unshare(CLONE_NEWNET)", NEEDS_ROOT);
                return current();
            });
        } catch (Exception e) {
            throw rethrow(e);
        }
    }

    /**
     * Makes a namespace with a name, as {@code ip netns add} does, and opens it. It outlives this object: see
     * {@link #delete}.
     *
     * @throws SysException when the name is taken, or without root
     */
    public static NetNamespace create(String name) {
        Path path = named(name);
        try {
            Files.createDirectories(NAMED);
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            throw new SysException("network namespace '" + name + "' exists already: " + path);
        } catch (IOException e) {
            throw new SysException("network namespace '" + name + "' cannot be made (" + e + "); " + NEEDS_ROOT);
        }
        try {
            onFreshThread("netns-create", () -> {
                check(LibcProcess.unshare(LibcProcess.CLONE_NEWNET), "unshare(CLONE_NEWNET)", NEEDS_ROOT);
                mountOwnNamespace(path);
                return null;
            });
            return open(path);
        } catch (Exception e) {
            delete(name);
            throw rethrow(e);
        }
    }

    /**
     * Removes the name of a namespace, as {@code ip netns del} does; the namespace ends with its last process and its last
     * open file. Removing a name that does not exist is no error. Returns whether there was one.
     */
    public static boolean delete(String name) {
        Path path = named(name);
        try (Arena arena = Arena.ofConfined()) {
            LibcProcess.umount(Native.string(arena, path.toString()), LibcProcess.MNT_DETACH);
            return Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new SysException("network namespace '" + name + "' cannot be removed (" + e + "); " + NEEDS_ROOT);
        }
    }

    /**
     * Runs code inside the namespace and waits for it. The code must not start threads that outlive it: they would stay
     * inside.
     *
     * @param <T> what the code answers
     * @throws Exception what the code throws
     */
    public <T> T call(Callable<T> code) throws Exception {
        return onFreshThread("netns-" + Path.of(name).getFileName(), () -> {
            check(LibcProcess.setns(fileDescriptor(), LibcProcess.CLONE_NEWNET), "setns to '" + name + "'", NEEDS_ROOT);
            return code.call();
        });
    }

    /** Runs code inside that throws nothing checked, e.g. opens something that then belongs to the namespace. */
    public <T> T supply(Supplier<T> code) {
        try {
            return call(code::get);
        } catch (Exception e) {
            throw rethrow(e);
        }
    }

    /** The path it was opened by. */
    public String name() {
        return name;
    }

    /** The open descriptor, which netlink messages refer to. */
    public int fileDescriptor() {
        return descriptor.number();
    }

    /** Whether both are the same namespace of the kernel, whatever their paths. */
    public boolean isSame(NetNamespace other) {
        return inode() == other.inode();
    }

    /** The number that tells namespaces apart, as {@code readlink /proc/self/ns/net} shows it. */
    public long inode() {
        try {
            return ((Number) Files.getAttribute(Path.of("/proc/self/fd/" + fileDescriptor()), "unix:ino")).longValue();
        } catch (IOException e) {
            throw new SysException("network namespace '" + name + "' cannot be examined: " + e);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return name;
    }

    private static Path named(String name) {
        if (!name.matches("[A-Za-z0-9._-]{1,200}") || name.startsWith(".")) {
            throw new IllegalArgumentException("'" + name + "' is no name for a network namespace");
        }
        return NAMED.resolve(name);
    }

    private static void mountOwnNamespace(Path onto) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = Native.string(arena, "/proc/thread-self/ns/net");
            MemorySegment target = Native.string(arena, onto.toString());
            MemorySegment type = Native.string(arena, "none");
            check(LibcProcess.mount(source, target, type, LibcProcess.MS_BIND), "bind mount onto " + onto, NEEDS_ROOT);
        }
    }

    private static void check(int answer, String call, String advice) {
        if (answer < 0) {
            throw new SysException(call, -answer, advice);
        }
    }

    private static <T> T onFreshThread(String threadName, Callable<T> code) throws Exception {
        FutureTask<T> task = new FutureTask<>(code);
        Thread.ofPlatform().name(threadName).start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unwrap(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Exception unwrap(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return (Exception) e.getCause();
    }

    private static RuntimeException rethrow(Exception e) {
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
