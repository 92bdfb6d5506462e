// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.dataplane.port.PortConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NumaNodesTest {

    @TempDir
    private Path sys;

    private NumaNodes nodes;

    @BeforeEach
    void makeTree() throws Exception {
        write("devices/system/node/node0/cpulist", "0-3,8\n");
        write("devices/system/node/node1/cpulist", "4-7,9-11\n");
        write("devices/system/node/has_cpu", "0-1\n");
        write("class/net/eth1/device/numa_node", "1\n");
        write("class/net/eth2/device/numa_node", "-1\n");
        write("bus/pci/devices/0000:5e:00.1/numa_node", "1\n");
        nodes = new NumaNodes(sys);
    }

    @Test
    void shouldFindTheNodeOfAProcessor() {
        assertEquals(0, nodes.nodeOfCore(2));
        assertEquals(0, nodes.nodeOfCore(8));
        assertEquals(1, nodes.nodeOfCore(4));
        assertEquals(1, nodes.nodeOfCore(11));
        assertEquals(-1, nodes.nodeOfCore(12));
        assertEquals(-1, nodes.nodeOfCore(WorkerThread.ANY_CORE));
    }

    @Test
    void shouldFindTheNodeOfADevice() {
        assertEquals(1, nodes.nodeOf(new PortConfig.AfXdp("a", "eth1", 0)));
        assertEquals(-1, nodes.nodeOf(new PortConfig.AfXdp("a", "eth2", 0)));
        assertEquals(-1, nodes.nodeOf(new PortConfig.AfXdp("a", "veth0", 0)));
        assertEquals(1, nodes.nodeOf(new PortConfig.Dpdk("d", "0000:5E:00.1,mtu=9000")));
        assertEquals(-1, nodes.nodeOf(new PortConfig.Dpdk("d", "net_tap0,iface=../../x")));
        assertEquals(-1, nodes.nodeOf(new PortConfig.Memory("m")));
    }

    @Test
    void shouldKnowNothingWhereThereIsNothing() {
        assertEquals(-1, new NumaNodes(sys.resolve("none")).nodeOfCore(0));
    }

    private void write(String path, String text) throws Exception {
        Path file = sys.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
