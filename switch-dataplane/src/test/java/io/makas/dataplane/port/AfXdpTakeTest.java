// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.PacketSocket;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestPods;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A NIC that host and switch share: the switch's end of the veth plays the NIC, with an address and a TCP server of its host; the pod
 * plays the rest of the network.
 */
@RequiresRoot
@RequiresLibrary(value = "libbpf.so.1", debianPackage = "libbpf1")
final class AfXdpTakeTest {

    private static final int TIMEOUT_MS = 5_000;

    @AutoClose
    private final TestPods pods = new TestPods();

    private final FrameBatch batch = new FrameBatch();
    private InetAddress host;
    private TestPods.Pod network;
    private PacketSocket wire;
    private AfXdpPort port;

    @BeforeEach
    void giveTheHostAnAddress() throws Exception {
        network = pods.add();
        host = InetAddress.getByAddress(new byte[] {10, 5, 0, 100});
        pods.netlink().addAddress(network.hostLink(), host, 24);
        wire = PacketSocket.open(network.namespace(), "eth0");
    }

    @AfterEach
    void close() {
        wire.close();
        if (port != null) {
            port.close();
        }
    }

    @Test
    void shouldTakeWhatIsNamedAndLeaveTheRestToTheHost() {
        open("dl_dst=02:00:00:00:00:aa", "dl_vlan=100", "dl_type=0x88b5", "udp_dst=6081", "udp_dst=4789,tun_id=7");

        assertTaken(true, "0200000000aa 020000000001 0800 00");
        assertTaken(false, "0200000000ab 020000000001 0800 00");
        assertTaken(true, "020000000002 020000000001 8100 0064 0800 00");
        assertTaken(true, "020000000002 020000000001 88a8 e064 8100 0001 0800 00");
        assertTaken(false, "020000000002 020000000001 8100 0065 0800 00");
        assertTaken(true, "020000000002 020000000001 88b5 00");
        assertTaken(true, "020000000002 020000000001 8100 0065 88b5 00");
        assertTaken(true, udp4(6081, 0, 0));
        assertTaken(true, udp4(4789, 7, 0));
        assertTaken(false, udp4(4789, 8, 0));
        assertTaken(false, udp4(53, 7, 0));
        assertTaken(false, udp4(6081, 0, 1));
        assertTaken(true, udp6(6081, 0));
        assertTaken(true, udp6(4789, 7));
        assertTaken(false, udp6(4789, 6));
    }

    @Test
    void shouldLeaveFramesThatAreTooShortToTellToTheHost() {
        open("udp_dst=4789,tun_id=7", "dl_vlan=100");
        String whole = udp4(4789, 7, 0).replace(" ", "");
        for (int bytes = 14; bytes < 14 + 20 + 8 + 8; bytes++) {
            // A length of its own, so that the kernel does not fill it up.
            assertTaken(false, whole.substring(0, 2 * bytes));
        }
        assertTaken(true, whole.substring(0, 2 * (14 + 20 + 8 + 8)));
    }

    @Test
    void shouldLetTheHostTalkTcpWhileTheSwitchTakesItsOwn() throws Exception {
        open("dl_type=0x88b5");
        byte[] sent = new byte[3_000_000];
        new java.util.Random(1).nextBytes(sent);
        try (ServerSocket server = pods.switchNamespace().call(() -> new ServerSocket(7779));
                Socket client = network.call(() -> {
                    Socket socket = new Socket();
                    socket.connect(new InetSocketAddress(host, 7779), TIMEOUT_MS);
                    return socket;
                })) {
            FutureTask<byte[]> got = new FutureTask<>(() -> {
                try (Socket accepted = server.accept()) {
                    return accepted.getInputStream().readAllBytes();
                }
            });
            Thread.ofPlatform().start(got);
            int taken = 0;
            for (int at = 0; at < sent.length; at += 100_000) {
                client.getOutputStream().write(sent, at, 100_000);
                wire.send(PortContractTest.frame(60, at));
                port.receive(batch);
                taken += batch.count;
                port.transmit(batch);
            }
            client.shutdownOutput();

            assertTrue(java.util.Arrays.equals(sent, got.get()));
            assertEquals(30, taken);
        }
    }

    @Test
    void shouldLeaveTheWholeNicToTheHostWhenItIsClosed() throws Exception {
        open("dl_vlan=100");
        port.close();

        assertTrue(network.call(() -> host.isReachable(TIMEOUT_MS)));
        assertEquals(0, pods.netlink().require("h1").xdpProgramId());
    }

    private void open(String... take) {
        List<AfXdpTraffic> traffic =
                List.of(take).stream().map(AfXdpTraffic::parse).toList();
        port = pods.switchNamespace()
                .supply(() -> AfXdpPort.open(new PortConfig.AfXdp("nic", "h1", 0, 0, AfXdpMode.BEST_EFFORT, traffic)));
        port.attach();
        assertTrue(
                port.description().endsWith("takes " + traffic + " and leaves the rest to the host"),
                port.description());
    }

    private void assertTaken(boolean expected, String hex) {
        byte[] frame = HexFormat.of().parseHex(hex.replace(" ", ""));
        long before = port.counters().receivedPackets();

        assertTrue(wire.send(frame), hex);

        port.receive(batch);
        assertEquals(expected ? before + 1 : before, port.counters().receivedPackets(), hex);
        if (expected) {
            byte[] taken = new byte[batch.lengthBytes[0]];
            Memory.copyOut(batch.address[0], taken, 0, taken.length);
            assertEquals(HexFormat.of().formatHex(frame), HexFormat.of().formatHex(taken));
        }
        port.pool().release(batch.handle, 0, batch.count);
        batch.clear();
    }

    private static String udp4(int port, int network, int fragmentOffset) {
        ByteBuffer ip = ByteBuffer.allocate(20).put(0, (byte) 0x45).put(9, (byte) 17);
        ip.putShort(6, (short) fragmentOffset);
        return "020000000002 020000000001 0800 " + HexFormat.of().formatHex(ip.array()) + udp(port, network);
    }

    private static String udp6(int port, int network) {
        ByteBuffer ip = ByteBuffer.allocate(40).put(0, (byte) 0x60).put(6, (byte) 17);
        return "020000000002 020000000001 86dd " + HexFormat.of().formatHex(ip.array()) + udp(port, network);
    }

    private static String udp(int port, int network) {
        ByteBuffer udp = ByteBuffer.allocate(16).putShort(2, (short) port).putInt(12, network << 8);
        return HexFormat.of().formatHex(udp.array());
    }
}
