// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.sys.Mapping;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.SharedMemory;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.sys.UnixStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages and their file descriptors over a pair of sockets, and what a broken end may send. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class VhostConnectionTest {

    private static final long MEMORY_BYTES = 1 << 16;

    private final UnixStream[] sockets = UnixStream.pair();
    private final VhostConnection front = new VhostConnection(sockets[0]);
    private final VhostConnection back = new VhostConnection(sockets[1]);
    private final VhostMessage sent = new VhostMessage();
    private final VhostMessage received = new VhostMessage();

    @AfterEach
    void close() {
        received.closeFileDescriptors();
        front.close();
        back.close();
    }

    @Test
    void shouldCarryRequestAndAnswer() {
        front.send(sent.request(VhostProtocol.GET_FEATURES));

        assertTrue(back.receive(received));
        assertEquals(VhostProtocol.GET_FEATURES, received.request());
        assertEquals(0, received.sizeBytes());
        back.send(received.reply().u64(VirtioFeatures.VERSION_1));

        assertTrue(front.receive(sent));
        assertEquals(VhostMessage.VERSION | VhostMessage.REPLY, sent.flags());
        assertEquals(VirtioFeatures.VERSION_1, sent.u64());
    }

    @Test
    void shouldShareMemoryThatBothEndsSee() {
        try (SharedMemory memory = SharedMemory.of("guest", MEMORY_BYTES)) {
            front.send(sent.request(VhostProtocol.SET_MEM_TABLE)
                    .addRegion(0x1000, MEMORY_BYTES / 2, 0x7000_0000, 0, memory.fileDescriptor())
                    .addRegion(
                            0x9000_0000L, MEMORY_BYTES / 2, 0x8000_0000L, MEMORY_BYTES / 2, memory.fileDescriptor()));

            assertTrue(back.receive(received));
            assertEquals(2, received.regionCount());
            assertEquals(2, received.fileDescriptorCount());
            assertEquals(0x9000_0000L, received.regionGuestAddress(1));
            assertEquals(MEMORY_BYTES / 2, received.regionBytes(1));
            assertEquals(0x8000_0000L, received.regionUserAddress(1));
            assertEquals(MEMORY_BYTES / 2, received.regionMapOffset(1));
            try (Mapping seen = Mapping.ofFile(
                    "guest memory", received.fileDescriptor(1), received.regionMapOffset(1), MEMORY_BYTES / 2)) {
                long written = memory.mapping().address() + MEMORY_BYTES / 2 + 8;
                Memory.ALL.set(ValueLayout.JAVA_LONG, written, 42);

                assertEquals(42, Memory.ALL.get(ValueLayout.JAVA_LONG, seen.address() + 8));
            }
        }
    }

    @Test
    void shouldCarryEveryPayload() {
        front.send(sent.request(VhostProtocol.SET_VRING_ADDR).vringAddress(3, 0x10, 0x20, 0x30));
        assertTrue(back.receive(received));
        assertEquals(3, received.ring());
        assertEquals(0x10, received.ringDescriptors());
        assertEquals(0x20, received.ringUsed());
        assertEquals(0x30, received.ringAvailable());

        front.send(sent.request(VhostProtocol.SET_VRING_NUM).vringState(1, 256).needReply());
        assertTrue(back.receive(received));
        assertEquals(1, received.ring());
        assertEquals(256, received.ringValue());
        assertTrue(received.needsReply());

        front.send(sent.request(VhostProtocol.GET_INFLIGHT_FD).inflight(4096, 8, 2, 512));
        assertTrue(back.receive(received));
        assertEquals(4096, received.inflightBytes());
        assertEquals(8, received.inflightOffset());
        assertEquals(2, received.inflightQueues());
        assertEquals(512, received.inflightQueueSize());

        front.send(sent.request(VhostProtocol.ADD_MEM_REG).region(1, 2, 3, 4));
        assertTrue(back.receive(received));
        assertEquals(3, received.regionUserAddress(0));
    }

    @Test
    void shouldRefuseToReadAPayloadThatIsShorterThanItShouldBe() {
        front.send(sent.request(VhostProtocol.SET_MEM_TABLE).u64(8));
        assertTrue(back.receive(received));

        assertEquals(8, received.regionCount());
        assertThrows(IndexOutOfBoundsException.class, () -> received.regionBytes(0));
        assertThrows(IndexOutOfBoundsException.class, () -> received.fileDescriptor(0));
    }

    @Test
    void shouldRefuseWhatIsNoMessage() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment noise = arena.allocateFrom("GET / HTTP/1.1\r\nHost: switch\r\n\r\n");
            sockets[0].send(noise.address(), noise.byteSize(), new int[0], 0);

            SysException e = assertThrows(SysException.class, () -> back.receive(received));

            assertTrue(e.getMessage().contains("version"), e.getMessage());
        }
    }

    @Test
    void shouldEndWhenTheOtherEndGoesAlsoInTheMiddleOfAMessage() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment half = arena.allocate(VhostMessage.HEADER_BYTES);
            half.set(ValueLayout.JAVA_INT, 4, VhostMessage.VERSION);
            half.set(ValueLayout.JAVA_INT, 8, 8);
            sockets[0].send(half.address(), half.byteSize(), new int[0], 0);
            sockets[0].shutdown();
        }

        assertFalse(back.receive(received));
    }

    @Test
    void shouldEndAWaitThatIsShutDown() throws InterruptedException {
        Thread waiting = Thread.ofPlatform().start(() -> assertFalse(back.receive(received)));

        back.shutdown();

        waiting.join();
    }

    @Test
    void shouldListenAndConnectAtAPath(@TempDir Path directory) throws InterruptedException {
        Path path = directory.resolve("s");
        UnixStream listening = UnixStream.listen(path);
        Thread accepting = Thread.ofPlatform().start(() -> {
            try (VhostConnection accepted = new VhostConnection(listening.accept())) {
                assertTrue(accepted.receive(received));
            }
        });

        try (VhostConnection connected = new VhostConnection(UnixStream.connect(path))) {
            connected.send(sent.request(VhostProtocol.SET_OWNER));
            accepting.join();
        }
        listening.shutdown();
        assertEquals(null, listening.accept());
        listening.close();

        assertEquals(VhostProtocol.SET_OWNER, received.request());
        assertFalse(Files.exists(path), "the socket outlived its owner");
        assertThrows(SysException.class, () -> UnixStream.connect(path));
    }

    @Test
    void shouldCloseDescriptorsThatNobodyTook() throws IOException {
        try (SharedMemory memory = SharedMemory.of("guest", MEMORY_BYTES)) {
            front.send(sent.request(VhostProtocol.SET_VRING_CALL).u64(0).addFileDescriptor(memory.fileDescriptor()));
            assertTrue(back.receive(received));
            Path file = Path.of("/proc/self/fd/" + received.fileDescriptor(0));
            assertTrue(Files.readSymbolicLink(file).toString().contains("memfd"));

            received.closeFileDescriptors();

            assertFalse(Files.exists(file, java.nio.file.LinkOption.NOFOLLOW_LINKS));
        }
    }
}
