// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EalOptions;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.PacketSocket;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestNamespaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** The port on a device that leads to a network interface; its peer is a packet socket there. Needs no hugepages. */
@RequiresRoot
@RequiresLibrary(value = "librte_ethdev.so", debianPackage = "dpdk-dev")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class DpdkPortContractTest extends PortContractTest {

    private static final int BUFFERS = 4095;

    private static MbufPool pool;
    private static int devices;

    @AutoClose
    private final TestNamespaces namespaces = new TestNamespaces();

    private NetNamespace peerNamespace;

    @BeforeAll
    static void startDpdk() {
        Eal.start(EalOptions.withoutHugepages());
        pool = new MbufPool("test", BUFFERS, MbufPool.USUAL_FRAME_BYTES);
    }

    @AfterAll
    static void freePool() {
        pool.close();
    }

    /** Makes what the device needs, and says what it is; {@code number} makes its name unique. */
    abstract String device(NetNamespace host, NetNamespace peer, int number);

    /** The namespace of the interface {@code eth0} at which the peer sits. */
    abstract NetNamespace peerNamespace(NetNamespace host, NetNamespace peer);

    @Override
    protected final Port openPort() throws Exception {
        NetNamespace host = quietNamespace();
        NetNamespace peer = quietNamespace();
        peerNamespace = peerNamespace(host, peer);
        String devargs = device(host, peer, devices++);
        return host.supply(() -> DpdkPort.open(new PortConfig.Dpdk("d1", devargs), pool));
    }

    @Override
    protected final Peer openPeer(Port port) {
        PacketSocket socket = PacketSocket.open(peerNamespace, "eth0");
        return new Peer() {
            @Override
            public void send(byte[] frame) {
                assertTrue(socket.send(frame), "the kernel does not take the frame");
            }

            @Override
            public byte[] receive() {
                return socket.receive();
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }

    /** The kernel delivers or drops at once. */
    @Override
    protected final boolean peerCanBeFilled() {
        return false;
    }

    private NetNamespace quietNamespace() throws Exception {
        NetNamespace namespace = namespaces.create();
        namespace.call(() -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6"), "1"));
        return namespace;
    }
}
