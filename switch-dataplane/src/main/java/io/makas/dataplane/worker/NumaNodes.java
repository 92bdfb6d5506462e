// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.port.PortConfig;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which NUMA node processors and devices belong to, as {@code /sys} says. What it does not say is −1: then one node is as good as
 * another.
 *
 * <p>Thread: any; reads files.
 */
final class NumaNodes {

    /** Those of the machine that this runs on. */
    static final NumaNodes OF_THIS_MACHINE = new NumaNodes(Path.of("/sys"));

    private static final int UNKNOWN = QueueAssignment.NONE;
    private static final Pattern NODE = Pattern.compile("node([0-9]{1,5})");
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,6})(?:-([0-9]{1,6}))?");
    private static final Pattern PCI_ADDRESS =
            Pattern.compile("(?:pci:)?([0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7])(?:,.*)?");

    private final Path sys;

    NumaNodes(Path sys) {
        this.sys = sys;
    }

    /** The node of a processor. */
    int nodeOfCore(int core) {
        Path nodes = sys.resolve("devices/system/node");
        if (core >= 0 && Files.isDirectory(nodes)) {
            try (DirectoryStream<Path> each = Files.newDirectoryStream(nodes, "node*")) {
                for (Path node : each) {
                    Matcher name = NODE.matcher(node.getFileName().toString());
                    if (name.matches() && lists(read(node.resolve("cpulist")), core)) {
                        return Integer.parseInt(name.group(1));
                    }
                }
            } catch (IOException e) {
                return UNKNOWN;
            }
        }
        return UNKNOWN;
    }

    /** The node of the device behind a port. */
    int nodeOf(PortConfig port) {
        return switch (port) {
            case PortConfig.AfXdp afXdp ->
                number(read(sys.resolve("class/net/" + afXdp.interfaceName() + "/device/numa_node")));
            case PortConfig.Dpdk dpdk -> {
                Matcher pci = PCI_ADDRESS.matcher(dpdk.devargs());
                yield pci.matches()
                        ? number(read(sys.resolve(
                                "bus/pci/devices/" + pci.group(1).toLowerCase(java.util.Locale.ROOT) + "/numa_node")))
                        : UNKNOWN;
            }
            case PortConfig.VhostUser _, PortConfig.Memory _ -> UNKNOWN;
        };
    }

    private static boolean lists(String cpuList, int core) {
        for (String part : cpuList.split(",")) {
            Matcher range = RANGE.matcher(part);
            if (range.matches()) {
                int first = Integer.parseInt(range.group(1));
                int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
                if (first <= core && core <= last) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : UNKNOWN;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
