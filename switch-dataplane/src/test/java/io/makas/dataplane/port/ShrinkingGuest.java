// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.StockedFramePool;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.vhost.TestDriver;
import io.makas.dataplane.vhost.VirtioFeatures;
import java.nio.file.Path;

/**
 * A process of its own, as it may crash: two guests in traffic, one of which makes its memory shorter under the worker's hands, a
 * few times over. It prints {@code survived} when that port went down alone each time.
 */
final class ShrinkingGuest {

    private static final int SIZE = 64;
    private static final long FEATURES = VirtioFeatures.VERSION_1 | VirtioFeatures.PROTOCOL_FEATURES;
    private static final int LIVES = 6;

    private ShrinkingGuest() {}

    /** The process; the arguments are a directory for the sockets, and how long a guest lives, in turns. */
    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        int turns = Integer.parseInt(arguments[1]);
        StockedFramePool pool = new StockedFramePool(1_024, 2048);
        VirtioPort good = open(directory.resolve("good"), pool);
        VirtioPort bad = open(directory.resolve("bad"), pool);
        FrameBatch batch = new FrameBatch();
        good.attach();
        bad.attach();
        TestDriver goodDriver = connect(directory.resolve("good"));
        int sent = 0;
        for (int life = 0; life < LIVES; life++) {
            TestDriver badDriver = connect(directory.resolve("bad"));
            Await.until("both links are up", () -> good.linkUp() && bad.linkUp());
            for (int turn = 0; turn < turns && bad.linkUp(); turn++) {
                if (turn == turns / 2) {
                    // In the first lives all of it, later the buffers, not the rings.
                    badDriver.memory.resize(life < 2 ? 0 : 4L * (64 << 10));
                }
                for (int i = 0; i < 8; i++) {
                    goodDriver.send(goodDriver.rings[1], sent++ & SIZE - 1, new byte[60 + life * 100]);
                    if (turn < turns / 2) {
                        badDriver.send(badDriver.rings[1], turn * 8 + i & SIZE - 1, new byte[60 + life * 100]);
                    }
                }
                move(bad, good, batch);
                move(good, bad, batch);
                fill(batch, pool, 60 + life * 200);
                bad.transmit(batch);
                while (goodDriver.receive(goodDriver.rings[0]) != null) {
                    // Only room is wanted.
                }
                while (turn < turns / 2 && badDriver.receive(badDriver.rings[0]) != null) {
                    // As above.
                }
            }
            Await.until("the bad link is down", () -> !bad.linkUp());
            check(bad.description().contains("memory is shorter"), bad.description());
            check(good.linkUp(), good.description());
            badDriver.close();
        }
        long before = good.counters().receivedPackets();
        goodDriver.send(goodDriver.rings[1], sent & SIZE - 1, new byte[60]);
        move(good, good, batch);
        check(good.counters().receivedPackets() > before, "the other port does not receive any more");
        good.close();
        bad.close();
        System.out.println("survived with " + pool.available() + " buffers");
    }

    private static VirtioPort open(Path socket, StockedFramePool pool) {
        return VirtioPort.open(
                new PortConfig.VhostUser(
                        "v", socket, PortConfig.VhostRole.SERVER, PortConfig.VhostImplementation.OWN, 1),
                pool);
    }

    private static TestDriver connect(Path socket) {
        TestDriver driver = TestDriver.connect(socket, SIZE, 2);
        driver.handshake(FEATURES);
        driver.offerAllBuffers(driver.rings[0]);
        return driver;
    }

    private static void move(VirtioPort from, VirtioPort to, FrameBatch batch) {
        if (from.receive(batch) > 0) {
            to.transmit(batch);
        }
    }

    private static void fill(FrameBatch batch, StockedFramePool pool, int lengthBytes) {
        for (int i = 0; i < 8; i++) {
            long handle = pool.allocate();
            long address = handle + FramePool.MIN_HEADROOM_BYTES;
            Memory.copyIn(new byte[lengthBytes], 0, address, lengthBytes);
            batch.add(handle, address, lengthBytes);
        }
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
