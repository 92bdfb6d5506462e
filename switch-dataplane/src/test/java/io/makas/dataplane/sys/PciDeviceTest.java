// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of PCI devices that DPDK cannot have, with a folder in place of the kernel's. */
final class PciDeviceTest {

    private static final String NETWORK = "0x020000";

    @TempDir
    private Path bus;

    private Path devices;

    @BeforeEach
    void makeBus() throws IOException {
        devices = Files.createDirectories(bus.resolve("devices"));
    }

    @Test
    void shouldTakeADeviceThatIsBoundForProcesses() throws IOException {
        add("0000:00:04.0", NETWORK, "vfio-pci");
        add("0000:00:05.0", NETWORK, "mlx5_core");

        assertDoesNotThrow(() -> PciDevice.check("0000:00:04.0", devices));
        assertDoesNotThrow(() -> PciDevice.check("00:04.0,option=1", devices));
        assertDoesNotThrow(() -> PciDevice.check("0000:00:05.0", devices));
    }

    @Test
    void shouldSayNothingOfVirtualDevices() {
        assertDoesNotThrow(() -> PciDevice.check("net_tap0,iface=tap0", devices));
    }

    @Test
    void shouldNameTheDevicesThatThereAreWhenThereIsNoneAtAnAddress() throws IOException {
        add("0000:00:04.0", NETWORK, "vfio-pci");
        add("0000:00:05.0", NETWORK, "");
        add("0000:00:06.0", "0x010802", "nvme");

        assertEquals(
                "there is no PCI device 0000:00:1f.7 in this machine; its PCI network devices are"
                        + " 0000:00:04.0 (vfio-pci), 0000:00:05.0 (no driver)",
                refusal("00:1F.7"));
    }

    @Test
    void shouldSayHowToBindADeviceThatTheHostUses() throws IOException {
        Path device = add("0000:00:04.0", NETWORK, "e1000e");
        Files.createDirectories(device.resolve("net/eth0"));

        String refusal = refusal("0000:00:04.0");

        assertTrue(refusal.contains("bound to the kernel's driver e1000e (interface eth0)"), refusal);
        assertTrue(refusal.contains("dpdk-devbind.py --bind=vfio-pci 0000:00:04.0"), refusal);
    }

    @Test
    void shouldSayHowToBindADeviceThatNobodyUses() throws IOException {
        add("0000:00:04.0", NETWORK, "");

        String refusal = refusal("0000:00:04.0");

        assertTrue(refusal.contains("bound to no driver"), refusal);
        assertTrue(refusal.contains("modprobe vfio-pci"), refusal);
    }

    @Test
    void shouldRefuseADeviceThatIsNoNetworkDevice() throws IOException {
        add("0000:00:06.0", "0x010802", "vfio-pci");

        String refusal = refusal("0000:00:06.0");

        assertTrue(refusal.contains("is of class 0x010802, which is no network device"), refusal);
    }

    @Test
    void shouldTellAddressesFromNames() {
        assertTrue(PciDevice.isAddress("0000:00:04.0"));
        assertTrue(PciDevice.isAddress("10000:e1:00.7,x=y"));
        assertFalse(PciDevice.isAddress("net_null0"));
        assertFalse(PciDevice.isAddress("0000:00:04.8"));
    }

    private String refusal(String devargs) {
        return assertThrows(SysException.class, () -> PciDevice.check(devargs, devices))
                .getMessage();
    }

    private Path add(String address, String deviceClass, String driver) throws IOException {
        Path device = Files.createDirectories(devices.resolve(address));
        Files.writeString(device.resolve("class"), deviceClass + "\n");
        if (!driver.isEmpty()) {
            Path folder = Files.createDirectories(bus.resolve("drivers").resolve(driver));
            Files.createSymbolicLink(device.resolve("driver"), folder);
        }
        return device;
    }
}
