// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.StockedFramePool;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.vhost.SplitRing;
import io.makas.dataplane.vhost.TestDriver;
import io.makas.dataplane.vhost.VhostMessage;
import io.makas.dataplane.vhost.VhostProtocol;
import io.makas.dataplane.vhost.VirtioFeatures;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that lies: in its messages, in its rings, in both. It is disconnected, with the reason, and the next one is served. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class HostileGuestTest {

    private static final int SIZE = 64;
    private static final int POOL_FRAMES = 1_024;
    private static final long FEATURES =
            VirtioFeatures.VERSION_1 | VirtioFeatures.PROTOCOL_FEATURES | VirtioFeatures.INDIRECT_DESC;

    private static StockedFramePool pool;

    private final FrameBatch batch = new FrameBatch();
    private VirtioPort port;

    @TempDir
    private Path directory;

    @BeforeAll
    static void makePool() {
        pool = new StockedFramePool(POOL_FRAMES, 2048);
    }

    @AfterAll
    static void freePool() {
        pool.close();
    }

    @BeforeEach
    void open() {
        port = VirtioPort.open(
                new PortConfig.VhostUser(
                        "v",
                        directory.resolve("s"),
                        PortConfig.VhostRole.SERVER,
                        PortConfig.VhostImplementation.OWN,
                        1),
                pool);
        port.attach();
    }

    @AfterEach
    void close() {
        port.detach();
        port.close();
        assertEquals(POOL_FRAMES, pool.available(), "buffers were lost");
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                lie("further than its", driver -> driver.rings[1].publish(SIZE + 1)),
                lie("further than its", driver -> driver.rings[1].publish(-1)),
                lie("descriptor 64 of 64", driver -> driver.rings[1].offer(SIZE)),
                lie("descriptor 65535", driver -> driver.rings[1].offer(-1)),
                lie("is not in the guest's memory", driver -> offer(driver, 0, 100, 0, 0)),
                lie("is not in the guest's memory", driver -> offer(driver, TestDriver.GUEST_BASE - 1, 100, 0, 0)),
                lie(
                        "is not in the guest's memory",
                        driver -> offer(driver, TestDriver.GUEST_BASE + TestDriver.MEMORY_BYTES - 99, 100, 0, 0)),
                lie("is not in the guest's memory", driver -> offer(driver, -8, 100, 0, 0)),
                lie("is not in the guest's memory", driver -> offer(driver, Long.MAX_VALUE, 0xffff_ffffL, 0, 0)),
                lie("is not in the guest's memory", driver -> offer(driver, TestDriver.GUEST_BASE, 0xffff_ffffL, 0, 0)),
                lie("a readable one is due", driver -> offer(driver, buffer(driver), 100, SplitRing.F_WRITE, 0)),
                lie("in a circle", driver -> offer(driver, buffer(driver), 1, SplitRing.F_NEXT, 0)),
                lie("descriptor 64 of 64", driver -> offer(driver, buffer(driver), 20, SplitRing.F_NEXT, SIZE)),
                lie("indirect table of 0", driver -> offer(driver, buffer(driver), 0, SplitRing.F_INDIRECT, 0)),
                lie("indirect table of 17", driver -> offer(driver, buffer(driver), 17, SplitRing.F_INDIRECT, 0)),
                lie(
                        "indirect table of 32",
                        driver -> offer(driver, buffer(driver), 32, SplitRing.F_INDIRECT | SplitRing.F_NEXT, 1)),
                lie("indirect table at", driver -> offer(driver, 16, 32, SplitRing.F_INDIRECT, 0)),
                lie("a readable one is due", HostileGuestTest::offerNestedTable));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void shouldDisconnectAGuestWhoseRingLies(String reason, Consumer<TestDriver> lie) {
        try (TestDriver driver = connect(FEATURES)) {
            driver.handshake(FEATURES);
            Await.until("the link is up", port::linkUp);

            lie.accept(driver);
            turn();

            assertTrue(driver.isDisconnected());
            assertTrue(driver.isGuardWhole());
        }
        Await.until("the link is down", () -> !port.linkUp());
        assertTrue(port.description().contains(reason), port.description());
        shouldServeTheNextGuest();
    }

    @ParameterizedTest
    @MethodSource("lies")
    void shouldDisconnectAGuestThatLiesWhereItReceives(String ignored, Consumer<TestDriver> lie) {
        try (TestDriver driver = connect(FEATURES)) {
            driver.handshake(FEATURES);
            Await.until("the link is up", port::linkUp);

            // The same lies, told by the other ring; where a readable one was due a writable one is.
            lie.accept(driver);
            swapRings(driver);
            transmit(100);

            assertTrue(driver.isGuardWhole());
            if (port.counters().transmittedPackets() == 0) {
                assertEquals(1, port.counters().transmitDropped());
            }
        }
        Await.until("the link is down", () -> !port.linkUp());
        shouldServeTheNextGuest();
    }

    static Stream<Arguments> wrongMessages() {
        return Stream.of(
                lie("that were not offered", driver -> send(driver, VhostProtocol.SET_FEATURES, m -> m.u64(-1))),
                lie(
                        "that were not offered",
                        driver -> send(driver, VhostProtocol.SET_PROTOCOL_FEATURES, m -> m.u64(-1))),
                lie("ring 128", driver -> send(driver, VhostProtocol.SET_VRING_NUM, m -> m.vringState(128, 64))),
                lie("ring 4294967295", driver -> send(driver, VhostProtocol.SET_VRING_NUM, m -> m.vringState(-1, 64))),
                lie("power of two", driver -> send(driver, VhostProtocol.SET_VRING_NUM, m -> m.vringState(1, 63))),
                lie("power of two", driver -> send(driver, VhostProtocol.SET_VRING_NUM, m -> m.vringState(1, 0))),
                lie("power of two", driver -> send(driver, VhostProtocol.SET_VRING_NUM, m -> m.vringState(1, -1))),
                lie("power of two", driver -> send(driver, VhostProtocol.SET_VRING_NUM, m -> m.vringState(1, 65_536))),
                lie("not in the guest's memory", driver -> place(driver, 0)),
                lie("not in the guest's memory", driver -> place(driver, Long.MIN_VALUE)),
                lie("not aligned", driver -> place(driver, TestDriver.USER_BASE + 4)),
                lie(
                        "not in the guest's memory",
                        driver -> place(driver, TestDriver.USER_BASE + TestDriver.MEMORY_BYTES - 16)),
                lie("0 memory regions", driver -> send(driver, VhostProtocol.SET_MEM_TABLE, m -> m.vringState(0, 0))),
                lie(
                        "memory regions with 0",
                        driver -> send(driver, VhostProtocol.SET_MEM_TABLE, m -> m.vringState(-1, 0))),
                lie("is empty or wraps around", driver -> region(driver, 1L << 40, 0, 1L << 41)),
                lie("is empty or wraps around", driver -> region(driver, -4096, 4096, 1L << 41)),
                lie("is empty or wraps around", driver -> region(driver, 4096, Long.MAX_VALUE, 1L << 41)),
                lie("overlaps", driver -> region(driver, TestDriver.GUEST_BASE + 4096, 4096, 1L << 41)),
                lie("overlaps", driver -> region(driver, 1L << 40, 4096, TestDriver.USER_BASE)),
                lie("exceeds the file", driver -> region(driver, 1L << 40, 1L << 30, 1L << 41)),
                lie("to remove", driver -> send(driver, VhostProtocol.REM_MEM_REG, m -> m.region(1, 2, 3, 4))),
                lie(
                        "is not memory",
                        driver -> send(
                                driver,
                                VhostProtocol.ADD_MEM_REG,
                                m -> m.region(1L << 40, 4096, 1L << 41, 0)
                                        .addFileDescriptor(driver.rings[0].kick.fileDescriptor()))),
                lie(
                        "is not an eventfd",
                        driver -> send(
                                driver,
                                VhostProtocol.SET_VRING_CALL,
                                m -> m.u64(1).addFileDescriptor(driver.memory.fileDescriptor()))),
                lie("file descriptor 0 of 0", driver -> send(driver, VhostProtocol.SET_VRING_KICK, m -> m.u64(1))),
                lie("has 0 bytes", driver -> send(driver, VhostProtocol.SET_VRING_ADDR, m -> m)),
                lie("MTU of 67", driver -> send(driver, VhostProtocol.NET_SET_MTU, m -> m.u64(67))),
                lie("request 7 ", driver -> send(driver, VhostProtocol.SET_LOG_FD, m -> m)),
                lie("request 99 ", driver -> send(driver, 99, m -> m)));
    }

    @ParameterizedTest
    @MethodSource("wrongMessages")
    void shouldDisconnectAGuestWhoseMessagesAreWrong(String reason, Consumer<TestDriver> lie) {
        try (TestDriver driver = connect(FEATURES)) {
            driver.handshake(FEATURES);
            Await.until("the link is up", port::linkUp);

            lie.accept(driver);

            assertTrue(driver.isDisconnected());
        }
        Await.until("the link is down", () -> !port.linkUp());
        assertTrue(port.description().contains(reason), port.description());
        shouldServeTheNextGuest();
    }

    @Test
    void shouldDropAFrameThatIsTooLongOrTooShortAndGoOn() {
        try (TestDriver driver = connect(FEATURES)) {
            driver.handshake(FEATURES);
            Await.until("the link is up", port::linkUp);
            offer(driver, buffer(driver), 12 + 13, 0, 0);
            offer(driver, buffer(driver), 12 + 2049, 0, 0);
            offer(driver, buffer(driver), 0, 0, 0);
            offer(driver, buffer(driver), 12 + 14, 0, 0);

            turn();

            assertEquals(1, port.counters().receivedPackets());
            assertEquals(14, port.counters().receivedBytes());
            assertEquals(3, port.counters().receiveDropped());
            assertTrue(port.description().contains("3 frames too long"), port.description());
            assertTrue(port.linkUp());
        }
    }

    /** Rings of noise: whatever is in them, nothing outside the memory is touched, and the worker goes on. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldLiveThroughRingsOfNoise(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 25; round++) {
            try (TestDriver driver = connect(FEATURES)) {
                driver.handshake(FEATURES | (random.nextBoolean() ? VirtioFeatures.MRG_RXBUF : 0));
                Await.until("the link is up", port::linkUp);
                for (TestDriver.Ring ring : driver.rings) {
                    fillWithNoise(driver, ring, random);
                }
                for (int i = 0; i < 20 && port.linkUp(); i++) {
                    turn();
                    transmit(14 + random.nextInt(1500));
                    driver.rings[random.nextInt(2)].publish(random.nextInt(SIZE));
                }

                assertTrue(driver.isGuardWhole(), "seed " + seed + ", round " + round);
            }
            Await.until("the link is down", () -> !port.linkUp());
        }
    }

    private static void fillWithNoise(TestDriver driver, TestDriver.Ring ring, Random random) {
        for (int i = 0; i < SIZE; i++) {
            long address = switch (random.nextInt(8)) {
                case 0 -> random.nextLong();
                case 1 -> TestDriver.GUEST_BASE + TestDriver.MEMORY_BYTES - random.nextInt(100);
                default -> TestDriver.GUEST_BASE + random.nextInt((int) TestDriver.MEMORY_BYTES);
            };
            long length = random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(2_000);
            int flags = random.nextInt(6) == 0 ? random.nextInt() : ring.number == 0 ? SplitRing.F_WRITE : 0;
            ring.descriptor(i, address, length, flags, random.nextInt(SIZE + 1));
        }
        for (int i = random.nextInt(SIZE); i > 0; i--) {
            ring.offer(random.nextInt(SIZE));
        }
    }

    private void shouldServeTheNextGuest() {
        long before = port.counters().receivedPackets();
        try (TestDriver driver = connect(FEATURES)) {
            driver.handshake(FEATURES);
            driver.offerAllBuffers(driver.rings[0]);
            Await.until("the link is up", port::linkUp);
            byte[] frame = PortContractTest.frame(100, 1);
            driver.send(driver.rings[1], 3, frame);

            turn();
            transmit(77);

            assertEquals(before + 1, port.counters().receivedPackets());
            assertArrayEquals(PortContractTest.frame(77, 77), driver.receive(driver.rings[0]));
        }
        Await.until("the link is down", () -> !port.linkUp());
    }

    private TestDriver connect(long features) {
        return TestDriver.connect(directory.resolve("s"), SIZE, 2);
    }

    private void turn() {
        port.receive(batch);
        pool.release(batch.handle, 0, batch.count);
        batch.clear();
    }

    private void transmit(int lengthBytes) {
        byte[] frame = PortContractTest.frame(lengthBytes, lengthBytes);
        long handle = pool.allocate();
        long address = pool.bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
        Memory.copyIn(frame, 0, address, frame.length);
        batch.add(handle, address, frame.length);
        port.transmit(batch);
    }

    private static Arguments lie(String reason, Consumer<TestDriver> lie) {
        return Arguments.of(reason, lie);
    }

    private static long buffer(TestDriver driver) {
        return TestDriver.GUEST_BASE + driver.rings[1].buffer(0);
    }

    /** Makes descriptor 0 of the ring by which the guest sends, and offers it. */
    private static void offer(TestDriver driver, long address, long length, int flags, int next) {
        TestDriver.Ring ring = driver.rings[1];
        int descriptor = ring.nextDescriptor();
        ring.descriptor(descriptor, address, length, flags, flags == SplitRing.F_NEXT && next == 0 ? descriptor : next);
        ring.offer(descriptor);
    }

    private static void offerNestedTable(TestDriver driver) {
        TestDriver.Ring ring = driver.rings[1];
        ring.descriptor(1, TestDriver.GUEST_BASE + ring.descriptors + 16 * 2, 16, SplitRing.F_INDIRECT, 0);
        ring.descriptor(2, TestDriver.GUEST_BASE + ring.descriptors + 16 * 2, 16, SplitRing.F_INDIRECT, 0);
        ring.offer(1);
    }

    /** Has the ring by which the guest receives be where the other one is, so that it says the same. */
    private static void swapRings(TestDriver driver) {
        send(driver, VhostProtocol.GET_VRING_BASE, m -> m.vringState(1, 0));
        driver.connection().receive(driver.message());
        driver.startAs(0, driver.rings[1]);
        driver.settle();
    }

    private static void send(TestDriver driver, int request, UnaryOperator<VhostMessage> payload) {
        driver.connection().send(payload.apply(driver.message().request(request)));
    }

    private static void place(TestDriver driver, long address) {
        send(driver, VhostProtocol.SET_VRING_ADDR, m -> m.vringAddress(1, address, address, address));
    }

    private static void region(TestDriver driver, long guest, long bytes, long user) {
        send(
                driver,
                VhostProtocol.ADD_MEM_REG,
                m -> m.region(guest, bytes, user, 0).addFileDescriptor(driver.memory.fileDescriptor()));
    }
}
