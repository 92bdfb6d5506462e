// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to listen on the path of a Unix socket, which one process at a time has.
 *
 * <p>It is a lock on the file {@code PATH.lock}, with the process id in it. The kernel gives the lock back when the process
 * ends, however it ends; so whoever has it knows that a socket still lying at the path is nobody's, and removes it. Closing
 * removes socket and lock file.
 *
 * <p>Thread: any one; closed by whoever claimed.
 */
public final class SocketClaim implements AutoCloseable {

    /** Paths claimed by this process, since the lock of a file holds between processes only. */
    private static final Set<Path> CLAIMED_HERE = ConcurrentHashMap.newKeySet();

    /** Longer than the text of any process id. */
    private static final int LENGTH_OF_PROCESS_0 = 4096;

    private final Path socket;
    private final Path lockFile;
    private final FileChannel channel;

    private SocketClaim(Path socket, Path lockFile, FileChannel channel) {
        this.socket = socket;
        this.lockFile = lockFile;
        this.channel = channel;
    }

    /**
     * Claims a path, makes its folder, and removes a socket that a process left there when it was killed.
     *
     * @param socket absolute path of the socket
     * @throws StartException if another process has it, or the folder cannot be written
     */
    public static SocketClaim of(Path socket) throws StartException {
        if (!CLAIMED_HERE.add(socket)) {
            throw inUse(socket, Long.toString(ProcessHandle.current().pid()));
        }
        FileChannel channel = null;
        try {
            Files.createDirectories(socket.getParent());
            Path lockFile = socket.resolveSibling(socket.getFileName() + ".lock");
            channel = lock(socket, lockFile);
            removeStale(socket);
            return new SocketClaim(socket, lockFile, channel);
        } catch (IOException e) {
            closeQuietly(channel);
            CLAIMED_HERE.remove(socket);
            throw new StartException(
                    "cannot make the socket '" + socket + "': " + reason(e)
                            + "; choose another path or run as a user that may write there",
                    e);
        } catch (StartException e) {
            closeQuietly(channel);
            CLAIMED_HERE.remove(socket);
            throw e;
        }
    }

    /** The path. */
    public Path socket() {
        return socket;
    }

    /**
     * Gives the socket, once it is bound, its permissions and its group.
     *
     * @param mode permission bits, as of chmod
     * @param group name of the group, or null to leave it
     */
    public void permit(int mode, String group) throws StartException {
        try {
            if (group != null) {
                GroupPrincipal principal =
                        socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
                Files.getFileAttributeView(socket, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .setGroup(principal);
            }
            Files.setPosixFilePermissions(socket, permissions(mode));
        } catch (java.nio.file.attribute.UserPrincipalNotFoundException e) {
            throw new StartException(
                    "there is no group '" + group + "' for the socket '" + socket + "'; add it (groupadd " + group
                            + ") or change grpc.group",
                    e);
        } catch (IOException e) {
            throw new StartException("cannot set permissions of the socket '" + socket + "': " + reason(e), e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(socket);
            // While the lock is held, so that nobody locks a file that is about to lose its name.
            Files.deleteIfExists(lockFile);
        } finally {
            channel.close();
            CLAIMED_HERE.remove(socket);
        }
    }

    private static FileChannel lock(Path socket, Path lockFile) throws IOException, StartException {
        while (true) {
            FileChannel channel = FileChannel.open(
                    lockFile,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(permissions(0644)));
            boolean kept = false;
            try {
                FileLock lock = channel.tryLock();
                if (lock == null) {
                    throw inUse(socket, content(channel));
                }
                // The holder before may have removed the file between our opening and our locking it.
                if (isSameFile(lockFile, channel)) {
                    kept = true;
                    return channel;
                }
            } finally {
                if (!kept) {
                    channel.close();
                }
            }
        }
    }

    /**
     * Tells whether the locked file still has the name: makes it as long as no other process would, and looks whether the
     * name has that length. (Opening it by name will not do: closing any descriptor of a file gives up its locks.)
     */
    private static boolean isSameFile(Path lockFile, FileChannel channel) throws IOException {
        long pid = ProcessHandle.current().pid();
        channel.truncate(0);
        channel.write(ByteBuffer.allocate(1), LENGTH_OF_PROCESS_0 + pid);
        try {
            if (Files.size(lockFile) != LENGTH_OF_PROCESS_0 + pid + 1) {
                return false;
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
        return true;
    }

    private static void removeStale(Path socket) throws IOException, StartException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        var attributes = Files.readAttributes(
                socket, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isOther()) {
            throw new StartException("'" + socket + "' is not a socket but a file, a folder or a link; "
                    + "move it away or choose another path");
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            throw new StartException("another program listens on the socket '" + socket + "'; choose another path");
        } catch (IOException nobodyListens) {
            Files.deleteIfExists(socket);
        }
    }

    private static StartException inUse(Path socket, String pid) {
        return new StartException("a switch is running on the socket '" + socket + "' already (process "
                + (pid.isEmpty() ? "unknown" : pid) + "); stop it, or choose another socket with --socket");
    }

    private static String content(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] byBit = {
            PosixFilePermission.OTHERS_EXECUTE, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.GROUP_READ,
            PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_READ
        };
        Set<PosixFilePermission> result = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < byBit.length; bit++) {
            if ((mode >> bit & 1) != 0) {
                result.add(byBit[bit]);
            }
        }
        return result;
    }

    private static String reason(IOException e) {
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileSystemException file && file.getReason() != null ? file.getReason() : e.getMessage();
    }

    private static void closeQuietly(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // It was only opened to be locked.
            }
        }
    }
}
