// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketClaimTest {

    @TempDir
    private Path folder;

    @Test
    void shouldMakeTheFolderAndLeaveNothingBehind() throws Exception {
        Path socket = folder.resolve("a/b/makas.sock");

        try (SocketClaim claim = SocketClaim.of(socket);
                ServerSocketChannel _ = listen(socket)) {
            claim.permit(0600, null);

            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(folder.resolve("a/b/makas.sock.lock")));
        }

        try (var left = Files.list(folder.resolve("a/b"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void shouldRefuseASocketOfThisProcessByNameAndPid() throws Exception {
        Path socket = folder.resolve("makas.sock");

        try (SocketClaim _ = SocketClaim.of(socket)) {
            var refused = assertThrows(StartException.class, () -> SocketClaim.of(socket));

            assertTrue(refused.getMessage().contains("'" + socket + "'"), refused.getMessage());
            assertTrue(
                    refused.getMessage()
                            .contains("process " + ProcessHandle.current().pid()),
                    refused.getMessage());
        }
        SocketClaim.of(socket).close();
    }

    @Test
    void shouldReplaceTheSocketOfAProcessThatWasKilled() throws Exception {
        Path socket = folder.resolve("makas.sock");
        listen(socket).close();
        Files.writeString(folder.resolve("makas.sock.lock"), "4711\n");
        assertTrue(Files.exists(socket));

        try (SocketClaim _ = SocketClaim.of(socket)) {
            assertFalse(Files.exists(socket));
        }
    }

    @Test
    void shouldLeaveAListenerThatTookNoClaimAlone() throws Exception {
        Path socket = folder.resolve("other.sock");

        try (ServerSocketChannel _ = listen(socket)) {
            var refused = assertThrows(StartException.class, () -> SocketClaim.of(socket));

            assertTrue(refused.getMessage().contains("another program listens"), refused.getMessage());
            assertTrue(Files.exists(socket));
        }
    }

    @Test
    void shouldNotRemoveAFileThatIsNoSocket() throws Exception {
        Path file = Files.writeString(folder.resolve("precious.txt"), "data");

        var refused = assertThrows(StartException.class, () -> SocketClaim.of(file));

        assertTrue(refused.getMessage().contains("is not a socket"), refused.getMessage());
        assertEquals("data", Files.readString(file));
    }

    @Test
    void shouldNameAGroupThatIsNotThere() throws Exception {
        Path socket = folder.resolve("makas.sock");

        try (SocketClaim claim = SocketClaim.of(socket);
                ServerSocketChannel _ = listen(socket)) {
            var refused = assertThrows(StartException.class, () -> claim.permit(0660, "no-such-group-here"));

            assertTrue(refused.getMessage().contains("no group 'no-such-group-here'"), refused.getMessage());
        }
    }

    private static ServerSocketChannel listen(Path socket) throws Exception {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }
}
