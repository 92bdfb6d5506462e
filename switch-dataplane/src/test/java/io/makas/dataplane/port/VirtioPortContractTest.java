// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.StockedFramePool;
import io.makas.dataplane.sys.UnixStream;
import io.makas.dataplane.vhost.TestDriver;
import io.makas.dataplane.vhost.VirtioFeatures;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The port whose rings the switch works itself, against a driver in the test, in one role or the other. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class VirtioPortContractTest extends PortContractTest {

    private static final int RING_SIZE = 128;

    private static StockedFramePool pool;

    private UnixStream listening;

    @TempDir
    private Path directory;

    /** The role of the port; the guest has the other. */
    abstract PortConfig.VhostRole role();

    /** Features that the driver wants, of those that are offered. */
    long features() {
        return VirtioFeatures.VERSION_1 | VirtioFeatures.MRG_RXBUF | VirtioFeatures.PROTOCOL_FEATURES;
    }

    @BeforeAll
    static void makePool() {
        pool = new StockedFramePool(2047, 2048);
    }

    @AfterAll
    static void freePool() {
        pool.close();
    }

    @AfterEach
    final void stopListening() {
        if (listening != null) {
            listening.close();
        }
    }

    @Override
    protected final Port openPort() {
        return VirtioPort.open(
                new PortConfig.VhostUser("v1", socket(), role(), PortConfig.VhostImplementation.OWN, 1), pool);
    }

    @Override
    protected final Peer openPeer(Port port) {
        TestDriver driver;
        if (role() == PortConfig.VhostRole.CLIENT) {
            listening = UnixStream.listen(socket());
            driver = TestDriver.accept(listening, RING_SIZE, 2);
        } else {
            driver = TestDriver.connect(socket(), RING_SIZE, 2);
        }
        driver.handshake(features());
        driver.offerAllBuffers(driver.rings[0]);
        Await.until("the link is up", port::linkUp);
        return new DriverPeer(driver);
    }

    private Path socket() {
        return directory.resolve("s");
    }

    /** A driver as the contract's peer. */
    private static final class DriverPeer implements Peer {

        private final TestDriver driver;
        private int sent;

        DriverPeer(TestDriver driver) {
            this.driver = driver;
        }

        @Override
        public void send(byte[] frame) {
            driver.send(driver.rings[1], sent++ & driver.size - 1, frame);
        }

        @Override
        public byte[] receive() {
            return driver.receive(driver.rings[0]);
        }

        @Override
        public void close() {
            driver.close();
        }
    }
}
