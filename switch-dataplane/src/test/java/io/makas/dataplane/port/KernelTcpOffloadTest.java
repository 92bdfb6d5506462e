// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EalOptions;
import io.makas.dataplane.testing.RequiresHugepages;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestPods;
import io.makas.dataplane.testing.Unfinished;
import io.makas.dataplane.testing.VirtioGuest;
import io.makas.dataplane.worker.Worker;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.flow.packet.Arp;
import io.makas.flow.packet.Bytes;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.MacAddress;
import io.makas.flow.packet.Tcp;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.text.FlowText;
import java.lang.foreign.MemorySegment;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A guest that speaks TCP with large segments, and the kernel of a pod that takes no more than its MTU, and checks every checksum. */
@RequiresRoot
@RequiresHugepages(freeMib = 128)
@RequiresLibrary(
        value = {"librte_vhost.so", "libbpf.so.1"},
        debianPackage = "dpdk-dev")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class KernelTcpOffloadTest {

    private static final String GUEST_MAC = "02:00:00:00:00:99";
    private static final String GUEST_ADDRESS = "10.5.0.99";
    private static final int MSS = 1_460;
    private static final int PORT = 7_778;
    private static final int FIRST = 1_000;

    @AutoClose
    private final TestPods pods = new TestPods();

    private final Pipeline pipeline = new Pipeline(() -> 0, 10);
    private final Worker worker = new Worker("test-worker", pipeline, new WorkerLimits(64, 50, 15), () -> 0);

    @TempDir
    private Path directory;

    private VirtioGuest guest;
    private String podMac = "ff:ff:ff:ff:ff:ff";

    @Test
    void shouldBringALargeSegmentOfAGuestToASocketOfTheKernel() throws Exception {
        Eal.start(EalOptions.ofHugepages());
        TestPods.Pod pod = pods.add();
        Path socket = directory.resolve("s");
        try (MbufPool pool = new MbufPool("switch", 2047, MbufPool.USUAL_FRAME_BYTES);
                VhostUserPort guestPort = VhostUserPort.open(
                        new PortConfig.VhostUser("guest", socket, PortConfig.VhostRole.SERVER), pool);
                AfXdpPort podPort =
                        pods.switchNamespace().supply(() -> AfXdpPort.open(new PortConfig.AfXdp("pod", "h1", 0)));
                VirtioGuest connected = new VirtioGuest(socket, VirtioGuest.OFFLOADS);
                ServerSocket server = pod.call(() -> new ServerSocket(PORT))) {
            guest = connected;
            Await.until("the guest is there", guestPort::linkUp);
            worker.addPort(podPort, 1);
            worker.addPort(guestPort, 2);
            pipeline.setPorts(List.of(new PortState(1), new PortState(2)));
            pipeline.apply(List.of(
                    FlowText.parse("in_port=1,actions=output:2"), FlowText.parse("in_port=2,actions=output:1")));

            exchange(server);

            worker.removePort(1);
            worker.removePort(2);
            worker.onClose();
        }
    }

    private void exchange(ServerSocket server) throws Exception {
        resolvePod();
        byte[] synchronised = ask(tcp(Tcp.SYN, FIRST, 0), frame -> (tcpFlags(frame) & Tcp.SYN) != 0);
        MemorySegment answer = MemorySegment.ofArray(synchronised);
        int header = Layers.transport(layers(synchronised));
        int acknowledged = Tcp.sequence(answer, header) + 1;
        int segments = Bytes.u16(answer, header + 14) / MSS;
        assertTrue(segments >= 20, "window of " + segments + " segments");
        byte[] payload = new byte[Math.min(segments, 44) * MSS];
        new Random(1).nextBytes(payload);
        FutureTask<byte[]> received = new FutureTask<>(() -> {
            try (Socket accepted = server.accept()) {
                return accepted.getInputStream().readNBytes(payload.length);
            }
        });
        Thread.ofPlatform().daemon().start(received);

        byte[] large = tcp(Tcp.ACK | Tcp.PSH, FIRST + 1, acknowledged, payload);
        guest.send(Unfinished.cut(large, MSS));
        Await.until("the kernel has all of it", () -> {
            worker.doWork();
            guest.receive();
            return received.isDone();
        });

        assertArrayEquals(payload, received.get());
    }

    private void resolvePod() {
        byte[] request = FrameBuilder.ethernet(GUEST_MAC, podMac)
                .arp(1, GUEST_MAC, GUEST_ADDRESS, "00:00:00:00:00:00", "10.5.0.1")
                .build();
        byte[] reply = ask(
                request,
                frame -> Ethernet.type(MemorySegment.ofArray(frame), 0) == Ethernet.TYPE_ARP
                        && Arp.operation(MemorySegment.ofArray(frame), 14) == 2);
        podMac = new MacAddress(Arp.senderHardware(MemorySegment.ofArray(reply), 14)).toString();
    }

    /** Sends a frame, and waits for the one that is wanted; answers what the pod asks of the guest's address meanwhile. */
    private byte[] ask(byte[] frame, Predicate<byte[]> wanted) {
        byte[][] answer = new byte[1][];
        guest.send(Unfinished.partial(frame));
        Await.until("the kernel answers", () -> {
            worker.doWork();
            for (Unfinished came = guest.receive(); came != null; came = guest.receive()) {
                if (wanted.test(came.bytes())) {
                    answer[0] = came.bytes();
                } else if (isArpRequest(came.bytes())) {
                    guest.send(new Unfinished(
                            FrameBuilder.ethernet(GUEST_MAC, podMac)
                                    .arp(2, GUEST_MAC, GUEST_ADDRESS, podMac, "10.5.0.1")
                                    .build(),
                            0));
                    worker.doWork();
                }
            }
            return answer[0] != null;
        });
        return answer[0];
    }

    private static boolean isArpRequest(byte[] frame) {
        MemorySegment memory = MemorySegment.ofArray(frame);
        return Ethernet.type(memory, 0) == Ethernet.TYPE_ARP && Arp.operation(memory, 14) == 1;
    }

    private byte[] tcp(int flags, int sequence, int acknowledgement, byte... payload) {
        byte[] frame = FrameBuilder.ethernet(GUEST_MAC, podMac)
                .ipv4(GUEST_ADDRESS, "10.5.0.1")
                .tcp(4_321, PORT)
                .flags(flags)
                .payload(payload)
                .build();
        MemorySegment memory = MemorySegment.ofArray(frame);
        Bytes.put32(memory, 34 + 4, sequence);
        Bytes.put32(memory, 34 + 8, acknowledgement);
        return frame;
    }

    private static int tcpFlags(byte[] frame) {
        long layers = layers(frame);
        return Layers.carries(layers, IpProtocol.TCP, Tcp.HEADER_BYTES)
                ? Tcp.flags(MemorySegment.ofArray(frame), Layers.transport(layers))
                : 0;
    }

    private static long layers(byte[] frame) {
        return Layers.locate(MemorySegment.ofArray(frame), 0, frame.length);
    }
}
