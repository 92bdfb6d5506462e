// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EalOptions;
import io.makas.dataplane.testing.RequiresHugepages;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.Unfinished;
import io.makas.dataplane.testing.VirtioGuest;
import io.makas.dataplane.vhost.VirtioFeatures;
import io.makas.dataplane.worker.Worker;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.text.FlowText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that leave checksums and segments to others, guests that take such frames, and those that do not. */
@RequiresHugepages(freeMib = 128)
@RequiresLibrary(value = "librte_vhost.so", debianPackage = "dpdk-dev")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class VhostUserOffloadTest {

    private static final int PORTS = 3;
    /** What Linux makes of a stream at most: 45 segments of an MTU of 1500 with time stamps. */
    private static final int LARGE_PAYLOAD = 45 * 1_448;

    private static MbufPool pool;

    private final Pipeline pipeline = new Pipeline(() -> 0, 100);
    private final Worker worker = new Worker("test-worker", pipeline, new WorkerLimits(64, 50, 15), () -> 0);
    private final VhostUserPort[] ports = new VhostUserPort[PORTS + 1];
    private final VirtioGuest[] guests = new VirtioGuest[PORTS + 1];
    private int available;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startDpdk() {
        Eal.start(EalOptions.ofHugepages());
        pool = new MbufPool("switch", 4095, MbufPool.USUAL_FRAME_BYTES);
    }

    @AfterAll
    static void freePool() {
        pool.close();
    }

    @BeforeEach
    void openPorts() {
        available = pool.mempool().available();
        for (int i = 1; i <= PORTS; i++) {
            Path socket = directory.resolve("s" + i);
            ports[i] = VhostUserPort.open(new PortConfig.VhostUser("v" + i, socket, PortConfig.VhostRole.SERVER), pool);
            worker.addPort(ports[i], i);
        }
        pipeline.setPorts(
                IntStream.rangeClosed(1, PORTS).mapToObj(PortState::new).toList());
    }

    @AfterEach
    void closePorts() {
        for (int i = 1; i <= PORTS; i++) {
            worker.removePort(i);
            if (guests[i] != null) {
                guests[i].close();
            }
            ports[i].close();
        }
        worker.onClose();
        assertTrue(pool.mempool().available() >= available - 64, "buffers were lost");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, VirtioFeatures.MRG_RXBUF})
    void shouldHandASegmentOf64KibFromGuestToGuestWhole(long buffers) throws Exception {
        add("in_port=1,actions=output:2");
        connect(1, VirtioGuest.OFFLOADS | buffers);
        connect(2, VirtioGuest.OFFLOADS | buffers);
        Unfinished large = Unfinished.cut(Unfinished.tcpFrame(LARGE_PAYLOAD), 1_448);

        send(large);

        Unfinished received = receive(2, 1).getFirst();
        assertEquals(large.offload(), received.offload());
        // The library leaves the length out of the pseudo header of what is to be cut.
        assertSameButForTheChecksum(large.bytes(), received.bytes());
        assertEquals(large.bytes().length, ports[1].counters().receivedBytes());
        assertEquals(large.bytes().length, ports[2].counters().transmittedBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, VirtioFeatures.MRG_RXBUF})
    void shouldCutASegmentForAGuestWithoutTheOffload(long buffers) throws Exception {
        add("in_port=1,actions=output:2,push_vlan:0x8100,output:3");
        connect(1, VirtioGuest.OFFLOADS);
        connect(2, buffers);
        connect(3, VirtioFeatures.GUEST_CSUM | buffers);
        byte[] finished = Unfinished.tcpFrame(LARGE_PAYLOAD);

        send(Unfinished.cut(finished, 1_448));

        List<Unfinished> plain = receive(2, 45);
        assertTrue(plain.stream().allMatch(frame -> frame.offload() == Offload.NONE && frame.bytes().length <= 1_514));
        assertArrayEquals(Unfinished.payload(List.of(finished)), Unfinished.payload(bytes(plain)));
        List<Unfinished> tagged = receive(3, 45);
        assertEquals(
                Offload.of(Offload.NEEDS_CHECKSUM, 0, 0, 38, 16),
                tagged.getFirst().offload());
        assertArrayEquals(
                Unfinished.payload(List.of(finished)),
                Unfinished.payload(tagged.stream()
                        .flatMap(frame -> frame.finished().stream())
                        .toList()));
    }

    @Test
    void shouldCompleteOrHandOnAPartialChecksumOfEachProtocol() throws Exception {
        add("in_port=1,actions=output:2,output:3");
        connect(1, VirtioGuest.OFFLOADS);
        connect(2, VirtioGuest.OFFLOADS);
        connect(3, 0);
        for (byte[] finished : List.of(
                Unfinished.tcpFrame(100),
                ipv6(true).payload(new byte[77]).build(),
                ipv6(false).payload(new byte[1_300]).build(),
                udp(33))) {
            Unfinished partial = Unfinished.partial(finished);

            send(partial);

            Unfinished received = receive(2, 1).getFirst();
            assertEquals(partial.offload(), received.offload());
            assertArrayEquals(partial.bytes(), received.bytes());
            assertArrayEquals(finished, receive(3, 1).getFirst().bytes());
        }
    }

    @Test
    void shouldCutTcpOverIpv6WithRewrittenAddresses() throws Exception {
        add("in_port=1,tcp6,actions=set_field:fd00::99->ipv6_dst,output:2,output:3");
        connect(1, VirtioGuest.OFFLOADS);
        connect(2, VirtioGuest.OFFLOADS | VirtioFeatures.MRG_RXBUF);
        connect(3, 0);
        byte[] finished = ipv6(true).payload(new byte[30_000]).build();

        send(Unfinished.cut(finished, 1_400));

        assertEquals(Offload.GSO_TCPV6, Offload.gsoType(receive(2, 1).getFirst().offload()));
        assertArrayEquals(Unfinished.payload(List.of(finished)), Unfinished.payload(bytes(receive(3, 22))));
    }

    @Test
    void shouldDropWhatAGuestCannotMeanAndGoOn() throws Exception {
        add("in_port=1,actions=output:2");
        connect(1, VirtioGuest.OFFLOADS);
        connect(2, VirtioGuest.OFFLOADS);
        byte[] large = Unfinished.tcp(20_000).bytes();
        int needs = Offload.NEEDS_CHECKSUM;

        send(new Unfinished(large, Offload.of(needs, Offload.GSO_TCPV4, 1, 34, 16)));
        send(new Unfinished(large, Offload.of(needs, Offload.GSO_TCPV4, 0, 34, 16)));
        send(new Unfinished(large, Offload.NONE));
        send(new Unfinished(new byte[20_000], Offload.of(needs, Offload.GSO_TCPV4, 1_400, 65_535, 65_535)));
        send(new Unfinished(udp(9_000), Offload.of(needs, Offload.GSO_TCPV4, 1_400, 34, 16)));
        send(Unfinished.partial(udp(11)));

        assertEquals(1, receive(2, 1).size());
        assertEquals(1, worker.drops().get(DropReason.BAD_OFFLOAD));
        assertEquals(4, ports[1].counters().receiveDropped());
    }

    @Test
    void shouldFollowWhatTheNextGuestTakes() throws Exception {
        add("in_port=1,actions=output:2");
        connect(1, VirtioGuest.OFFLOADS);
        assertEquals(0, ports[2].offloads());
        connect(2, VirtioGuest.OFFLOADS);
        assertEquals(Offload.CHECKSUM | Offload.TCPV4 | Offload.TCPV6, ports[2].offloads());
        send(Unfinished.tcp(5_000));
        assertEquals(1, receive(2, 1).size());

        guests[2].close();
        Await.until("the guest has gone", () -> !ports[2].linkUp());
        connect(2, 0);

        assertEquals(0, ports[2].offloads());
        send(Unfinished.tcp(5_000));
        assertEquals(4, receive(2, 4).size());
    }

    @Test
    void shouldLoseNoBufferOfManyLargeSegments() throws Exception {
        add("in_port=1,actions=output:2,output:3,output:2");
        connect(1, VirtioGuest.OFFLOADS);
        connect(2, VirtioGuest.OFFLOADS | VirtioFeatures.MRG_RXBUF);
        connect(3, 0);
        for (int i = 0; i < 2_000; i++) {
            send(Unfinished.tcp(20_000));
            receive(2, 2);
            receive(3, 14);
        }

        assertNull(guests[2].receive());
        assertFalse(worker.drops().get(DropReason.NO_BUFFER) > 0);
    }

    private static void assertSameButForTheChecksum(byte[] expected, byte[] actual) {
        byte[] same = actual.clone();
        System.arraycopy(expected, 50, same, 50, 2);
        assertArrayEquals(expected, same);
    }

    private static FrameBuilder ipv6(boolean tcp) {
        FrameBuilder builder =
                FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv6("fd00::1", "fd00::2");
        return tcp ? builder.tcp(1_024, 80) : builder.udp(1_024, 53);
    }

    private static byte[] udp(int payloadBytes) {
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(1_024, 53)
                .payload(new byte[payloadBytes])
                .build();
    }

    /** Sends by guest 1, and lets the worker take it. */
    private void send(Unfinished frame) {
        long seen = ports[1].counters().receivedPackets() + ports[1].counters().receiveDropped();
        guests[1].send(frame);
        Await.until("the switch has taken the frame", () -> {
            worker.doWork();
            return ports[1].counters().receivedPackets() + ports[1].counters().receiveDropped() > seen;
        });
    }

    private void add(String flow) throws Exception {
        pipeline.apply(List.of(FlowText.parse(flow)));
    }

    private void connect(int port, long features) {
        guests[port] = new VirtioGuest(directory.resolve("s" + port), features);
        assertEquals(features, guests[port].features() & features, "features");
        Await.until("guest " + port + " is there", ports[port]::linkUp);
    }

    private List<Unfinished> receive(int port, int frames) {
        List<Unfinished> received = new ArrayList<>();
        Await.until("guest " + port + " has " + frames + " frames", () -> {
            worker.doWork();
            for (Unfinished frame = guests[port].receive(); frame != null; frame = guests[port].receive()) {
                received.add(frame);
            }
            return received.size() >= frames;
        });
        assertEquals(frames, received.size());
        return received;
    }

    private static List<byte[]> bytes(List<Unfinished> frames) {
        return frames.stream().map(Unfinished::bytes).toList();
    }
}
