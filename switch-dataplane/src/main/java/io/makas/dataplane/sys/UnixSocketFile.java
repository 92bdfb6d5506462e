// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The file of a Unix socket that somebody wants to listen on. */
final class UnixSocketFile {

    /** {@code S_IFMT} of linux/stat.h. */
    private static final int FILE_TYPE = 0170000;
    /** {@code S_IFSOCK}. */
    private static final int SOCKET = 0140000;

    private UnixSocketFile() {}

    /**
     * Removes what a process left behind that was killed while it listened.
     *
     * @throws SysException when the path is somebody's: another kind of file, or a socket on which a process listens
     */
    static void makeWayFor(Path path) {
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & FILE_TYPE) != SOCKET) {
                throw new SysException("'" + path + "' is in the way of a socket; remove it or choose another path");
            }
            if (isListenedOn(path)) {
                throw new SysException(
                        "another process listens on socket '" + path + "'; stop it or choose another path");
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            SysException error = new SysException("the old socket '" + path + "' cannot be removed: " + e);
            error.initCause(e);
            throw error;
        }
    }

    private static boolean isListenedOn(Path path) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
