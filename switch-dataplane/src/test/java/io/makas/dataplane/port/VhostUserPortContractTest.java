// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EalOptions;
import io.makas.dataplane.testing.RequiresHugepages;
import io.makas.dataplane.testing.RequiresLibrary;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The port against a guest of DPDK's own in the same process, in one role or the other. */
@RequiresHugepages(freeMib = 64)
@RequiresLibrary(
        value = {"librte_vhost.so", "librte_net_virtio.so"},
        debianPackage = "dpdk-dev")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class VhostUserPortContractTest extends PortContractTest {

    private static final int BUFFERS = 2047;

    private static MbufPool switchPool;
    private static MbufPool guestPool;
    private static int guests;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startDpdk() {
        Eal.start(EalOptions.ofHugepages());
        switchPool = new MbufPool("switch", BUFFERS, MbufPool.USUAL_FRAME_BYTES);
        guestPool = new MbufPool("guest", BUFFERS, MbufPool.USUAL_FRAME_BYTES);
    }

    @AfterAll
    static void freePools() {
        switchPool.close();
        guestPool.close();
    }

    /** The role of the port; the guest has the other. */
    abstract PortConfig.VhostRole role();

    @Override
    protected final Port openPort() {
        return VhostUserPort.open(new PortConfig.VhostUser("v1", socket(), role()), switchPool);
    }

    @Override
    protected final Peer openPeer(Port port) {
        String serves = role() == PortConfig.VhostRole.CLIENT ? ",server=1" : "";
        String devargs = "net_virtio_user" + guests++ + ",path=" + socket() + ",mac=02:00:00:00:00:01" + serves;
        EthernetPeer guest = new EthernetPeer(devargs, guestPool);
        Await.until("the link is up", port::linkUp);
        return guest;
    }

    private Path socket() {
        return directory.resolve("s");
    }
}
