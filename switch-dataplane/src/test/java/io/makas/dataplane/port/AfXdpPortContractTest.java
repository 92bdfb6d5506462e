// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.sys.PacketSocket;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestNamespaces;
import org.junit.jupiter.api.AutoClose;

/** The port on one end of a veth, its peer a packet socket on the other. */
@RequiresRoot
@RequiresLibrary(value = "libbpf.so.1", debianPackage = "libbpf1")
final class AfXdpPortContractTest extends PortContractTest {

    @AutoClose
    private final TestNamespaces namespaces = new TestNamespaces();

    @AutoClose
    private Netlink host;

    private NetNamespace pod;
    private Link end;

    @Override
    protected Port openPort() {
        NetNamespace hostNamespace = namespaces.create();
        pod = namespaces.create();
        host = Netlink.open(hostNamespace);
        end = host.createVeth("h0", "eth0", pod, 1500, null);
        // This end first: the one that is switched on last can send at once, the other within a second.
        host.setUp(end.index());
        try (Netlink inPod = Netlink.open(pod)) {
            inPod.setUp(inPod.require("eth0").index());
        }
        return hostNamespace.supply(() -> AfXdpPort.open(new PortConfig.AfXdp("p1", "h0", 0)));
    }

    @Override
    protected Peer openPeer(Port port) {
        PacketSocket socket = PacketSocket.open(pod, "eth0");
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
                host.deleteLink(end.index());
            }
        };
    }

    /** The kernel delivers or drops at once. */
    @Override
    protected boolean peerCanBeFilled() {
        return false;
    }
}
