// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.sys.PacketSocket;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestNamespaces;
import io.makas.flow.text.FlowText;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** As many AF_XDP ports in one process as a full node has pods. */
@RequiresRoot
@RequiresLibrary(value = "libbpf.so.1", debianPackage = "libbpf1")
final class AfXdpManyPortsTest {

    private static final int PORTS = 250;
    private static final long PATIENCE_NS = 5_000_000_000L;

    @AutoClose
    private final TestNamespaces namespaces = new TestNamespaces();

    private final NetNamespace here = namespaces.create();
    private final NetNamespace there = namespaces.create();

    @Test
    void shouldForwardBetweenTwoHundredAndFiftyPorts() throws Exception {
        try (Netlink inHere = Netlink.open(here);
                Netlink inThere = Netlink.open(there)) {
            for (int i = 1; i <= PORTS; i++) {
                inHere.setUp(
                        inHere.createVeth("h" + i, "e" + i, there, 1500, null).index());
                inThere.setUp(inThere.require("e" + i).index());
            }
        }
        int filesBefore = files();
        long kernelBefore = availableKiB();
        try (Datapath datapath = Datapath.open(DatapathConfig.DEFAULT)) {
            long startNs = System.nanoTime();
            for (int i = 1; i <= PORTS; i++) {
                PortConfig port = new PortConfig.AfXdp("p" + i, "h" + i, 0);
                int number = i;
                here.call(() -> datapath.addPort(port, number));
                datapath.edit(List.of(FlowText.parse("in_port=" + i + ",actions=output:" + (i % PORTS + 1))));
            }
            long openedNs = System.nanoTime();
            System.out.printf(
                    "%d ports: %.1f ms to add one, %d files, %d MiB of the machine's memory%n",
                    PORTS,
                    (openedNs - startNs) / 1e6 / PORTS,
                    files() - filesBefore,
                    kernelBefore - availableKiB() >> 10);

            for (int i = 1; i <= PORTS; i++) {
                assertForwards("e" + i, "e" + (i % PORTS + 1), i);
            }

            assertTrue(datapath.ports().stream().allMatch(PortInfo::linkUp));
            long beforeNs = System.nanoTime();
            for (int i = 2; i <= PORTS; i += 2) {
                datapath.removePort("p" + i);
            }
            System.out.printf("%.1f ms to remove one%n", (System.nanoTime() - beforeNs) / 1e6 / (PORTS / 2));
            datapath.edit(List.of(FlowText.parse("priority=65535,in_port=1,actions=output:249")));
            assertForwards("e1", "e249", 1);
        }
        // What stays open is what the first port of a process opens.
        assertTrue(files() - filesBefore < 30, (files() - filesBefore) + " files are still open");
    }

    private void assertForwards(String from, String to, int seed) throws Exception {
        byte[] frame = new byte[100];
        Arrays.fill(frame, (byte) seed);
        frame[0] = 2;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        try (PacketSocket sender = PacketSocket.open(there, from);
                PacketSocket receiver = PacketSocket.open(there, to)) {
            assertTrue(sender.send(frame));
            byte[] received = null;
            long deadlineNs = System.nanoTime() + PATIENCE_NS;
            while (System.nanoTime() < deadlineNs && (received == null || received.length != frame.length)) {
                received = receiver.receive();
                Thread.onSpinWait();
            }
            assertArrayEquals(frame, received, from + " to " + to);
        }
    }

    private static int files() {
        return new File("/proc/self/fd").list().length;
    }

    private static long availableKiB() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
