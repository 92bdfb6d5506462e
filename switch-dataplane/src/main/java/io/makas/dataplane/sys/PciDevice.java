// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A device on the PCI bus as the kernel tells of it (Documentation/ABI/testing/sysfs-bus-pci), to say why DPDK cannot use it
 * before DPDK says only that it cannot.
 *
 * <p>Thread: any; it only reads.
 */
final class PciDevice {

    private static final Path SYSFS = Path.of("/sys/bus/pci/devices");
    private static final String ADDRESS = "[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\\.[0-7]";
    private static final String DOMAIN = "[0-9a-fA-F]{1,8}:";
    /** First byte of the class of network controllers: {@code PCI_BASE_CLASS_NETWORK} of linux/pci_ids.h. */
    private static final String NETWORK = "0x02";
    /** Drivers of the kernel that leave a device to a process. */
    private static final Set<String> FOR_PROCESSES = Set.of("vfio-pci", "uio_pci_generic", "igb_uio");
    /** Drivers of the kernel beside which DPDK's drivers of the same devices work. */
    private static final Set<String> SHARING = Set.of("mlx4_core", "mlx5_core", "mana", "gve", "nfp");

    private PciDevice() {}

    /** Whether devargs begin with a PCI address, with or without a domain. */
    static boolean isAddress(String devargs) {
        return devargs.split(",", 2)[0].matches("(" + DOMAIN + ")?" + ADDRESS);
    }

    /**
     * Checks that a PCI device can be given to DPDK; says nothing about devices of other kinds.
     *
     * @throws SysException when there is none at the address, or it belongs to the host, with what to do about it
     */
    static void check(String devargs) {
        check(devargs, SYSFS);
    }

    /** The same, with another folder in place of the kernel's. */
    static void check(String devargs, Path devices) {
        if (!isAddress(devargs)) {
            return;
        }
        String address = withDomain(devargs.split(",", 2)[0]);
        Path device = devices.resolve(address);
        if (!Files.isDirectory(device)) {
            throw new SysException("there is no PCI device " + address + " in this machine; " + whatThereIs(devices));
        }
        if (!text(device.resolve("class")).startsWith(NETWORK)) {
            throw new SysException("PCI device " + address + " is of class " + text(device.resolve("class"))
                    + ", which is no network device; " + whatThereIs(devices));
        }
        String driver = driver(device);
        if (!FOR_PROCESSES.contains(driver) && !SHARING.contains(driver)) {
            throw new SysException("PCI device " + address + " is bound to "
                    + (driver.isEmpty() ? "no driver" : "the kernel's driver " + driver + interfaces(device))
                    + ", and DPDK needs it bound to vfio-pci: modprobe vfio-pci && dpdk-devbind.py --bind=vfio-pci "
                    + address + (driver.isEmpty() ? "" : " (the host then has it no more)"));
        }
    }

    private static String withDomain(String address) {
        String lower = address.toLowerCase(java.util.Locale.ROOT);
        int colon = lower.lastIndexOf(':', lower.lastIndexOf(':') - 1);
        String domain = colon < 0 ? "0" : lower.substring(0, colon);
        return "%04x:%s".formatted(Long.parseLong(domain, 16), lower.substring(colon + 1));
    }

    private static String whatThereIs(Path devices) {
        List<String> found;
        try (Stream<Path> all = Files.list(devices)) {
            found = all.filter(device -> text(device.resolve("class")).startsWith(NETWORK))
                    .map(device -> device.getFileName() + " ("
                            + (driver(device).isEmpty() ? "no driver" : driver(device)) + ")")
                    .sorted()
                    .limit(16)
                    .toList();
        } catch (IOException _) {
            found = List.of();
        }
        return found.isEmpty()
                ? "it has no PCI network device; a virtual device has a name such as net_af_packet0"
                : "its PCI network devices are " + String.join(", ", found);
    }

    /** What it is bound to, or an empty string. */
    private static String driver(Path device) {
        try {
            return device.resolve("driver").toRealPath().getFileName().toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static String interfaces(Path device) {
        try (Stream<Path> names = Files.list(device.resolve("net"))) {
            return names.map(name -> name.getFileName().toString())
                    .sorted()
                    .reduce((a, b) -> a + ", " + b)
                    .map(list -> " (interface " + list + ")")
                    .orElse("");
        } catch (IOException _) {
            return "";
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            return "";
        }
    }
}
