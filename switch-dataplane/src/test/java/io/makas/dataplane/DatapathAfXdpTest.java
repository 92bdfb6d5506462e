// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.sys.Ethtool;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestPods;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.text.FlowText;
import java.io.File;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A whole data path between pods: flows decide, a worker that blocks when idle carries. */
@RequiresRoot
@RequiresLibrary(value = "libbpf.so.1", debianPackage = "libbpf1")
final class DatapathAfXdpTest {

    private static final int TIMEOUT_MS = 5_000;
    private static final int SHORT_TIMEOUT_MS = 300;

    @AutoClose
    private final TestPods pods = new TestPods();

    private final Datapath datapath = Datapath.open(DatapathConfig.DEFAULT);
    private TestPods.Pod red;
    private TestPods.Pod blue;

    @BeforeEach
    void addTwoPods() throws Exception {
        red = pods.add();
        blue = pods.add();
        addPort("red", "h1", 1);
        addPort("blue", "h2", 2);
    }

    @AfterEach
    void close() {
        datapath.close();
    }

    @Test
    void shouldLetPodsTalkOnlyOnceFlowsAllowIt() throws Exception {
        assertFalse(reaches(red, blue, SHORT_TIMEOUT_MS));

        edit("in_port=1,actions=output:2");
        edit("in_port=2,actions=output:1");

        assertTrue(reaches(red, blue, TIMEOUT_MS));
        assertTrue(datapath.flows(FlowFilter.ALL).stream().allMatch(flow -> flow.packets() > 0));
        edit("priority=60000,icmp,actions=drop");
        assertFalse(reaches(red, blue, SHORT_TIMEOUT_MS));
    }

    @Test
    void shouldCarryOnForOthersWhenAPodIsDeleted() throws Exception {
        TestPods.Pod green = pods.add();
        addPort("green", "h3", 3);
        edit("in_port=1,actions=output:2,output:3");
        edit("in_port=2,actions=output:1");
        edit("in_port=3,actions=output:1");
        assertTrue(reaches(red, green, TIMEOUT_MS));

        pods.netlink().deleteLink(green.hostLink().index());

        assertTrue(reaches(red, blue, TIMEOUT_MS));
        assertEquals(
                List.of(true, true, false),
                datapath.ports().stream().map(PortInfo::linkUp).toList());
        datapath.removePort("green");
        assertTrue(reaches(blue, red, TIMEOUT_MS));
    }

    @Test
    void shouldTakeAPodThatCameAgainUnderItsOldName() throws Exception {
        edit("in_port=1,actions=output:2");
        edit("in_port=2,actions=output:1");
        for (int i = 0; i < 3; i++) {
            datapath.removePort("blue");
            addPort("blue", "h2", 2);

            assertTrue(reaches(red, blue, TIMEOUT_MS), "turn " + i);
        }
    }

    @Test
    void shouldLeaveNothingOpenOrMappedOfPortsThatWereRemoved() throws Exception {
        edit("in_port=1,actions=output:2");
        edit("in_port=2,actions=output:1");
        int openBefore = 0;
        long mappedBefore = 0;
        for (int i = 0; i < 12; i++) {
            datapath.removePort("blue");
            addPort("blue", "h2", 2);
            assertTrue(reaches(red, blue, TIMEOUT_MS), "turn " + i);
            // The first turns open what stays open: class files, namespaces of threads.
            if (i == 3) {
                openBefore = openFiles();
                mappedBefore = mappingsOfSockets();
            }
        }

        assertEquals(openBefore, openFiles());
        assertEquals(mappedBefore, mappingsOfSockets());
    }

    @Test
    void shouldCarryTcpOfPodsThatLeaveChecksumsToOthersWithoutComputingAny() throws Exception {
        for (TestPods.Pod pod : List.of(red, blue)) {
            try (Ethtool ethtool = Ethtool.open(pod.namespace())) {
                ethtool.set("eth0", Ethtool.Feature.TX_CHECKSUM, true);
            }
        }
        edit("in_port=1,actions=output:2");
        edit("in_port=2,actions=output:1");
        byte[] sent = new byte[2_000_000];
        new Random(7).nextBytes(sent);
        try (ServerSocket server = blue.call(() -> new ServerSocket(7780));
                Socket client = red.call(() -> new Socket(blue.address(), 7780))) {
            FutureTask<byte[]> got = new FutureTask<>(() -> {
                try (Socket accepted = server.accept()) {
                    return accepted.getInputStream().readAllBytes();
                }
            });
            Thread.ofPlatform().start(got);

            client.getOutputStream().write(sent);
            client.shutdownOutput();

            assertArrayEquals(sent, got.get());
        }
        assertTrue(
                datapath.ports().getFirst().description().endsWith(", the other end leaves checksums to others"),
                datapath.ports().getFirst().description());
    }

    private static int openFiles() {
        return new File("/proc/self/fd").list().length;
    }

    private static long mappingsOfSockets() throws Exception {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("socket:")).count();
        }
    }

    private void addPort(String name, String interfaceName, int number) throws Exception {
        pods.switchNamespace().call(() -> datapath.addPort(new PortConfig.AfXdp(name, interfaceName, 0), number));
    }

    private void edit(String flow) throws Exception {
        datapath.edit(List.of(FlowText.parse(flow)));
    }

    private static boolean reaches(TestPods.Pod from, TestPods.Pod to, int timeoutMs) throws Exception {
        return from.call(() -> to.address().isReachable(timeoutMs));
    }
}
