// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.sys.Ethtool.Feature;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestNamespaces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresRoot
final class EthtoolTest {

    private final TestNamespaces namespaces = new TestNamespaces();
    private Ethtool ethtool;

    @BeforeEach
    void makeAVeth() {
        NetNamespace host = namespaces.create();
        NetNamespace pod = namespaces.create();
        try (Netlink netlink = Netlink.open(host)) {
            netlink.createVeth("h0", "eth0", pod, 1500, null);
        }
        ethtool = Ethtool.open(pod);
    }

    @AfterEach
    void removeNamespaces() {
        ethtool.close();
        namespaces.close();
    }

    @Test
    void shouldSwitchTransmitChecksumsOffAndSegmentationWithThem() {
        assertTrue(ethtool.isOn("eth0", Feature.TX_CHECKSUM));
        assertTrue(ethtool.isOn("eth0", Feature.TCP_SEGMENTATION));

        ethtool.set("eth0", Feature.TX_CHECKSUM, false);

        assertFalse(ethtool.isOn("eth0", Feature.TX_CHECKSUM));
        assertFalse(ethtool.isOn("eth0", Feature.TCP_SEGMENTATION));
    }

    @Test
    void shouldSwitchGenericReceiveOffloadOn() {
        ethtool.set("eth0", Feature.GENERIC_RECEIVE, true);

        assertTrue(ethtool.isOn("eth0", Feature.GENERIC_RECEIVE));
    }

    @Test
    void shouldSeeOneQueueEachWayOnAVethOfOurs() {
        assertEquals(new Ethtool.Channels(1, 1, 0, 1, 1, 0), ethtool.channels("eth0"));
        assertEquals(1, ethtool.channels("eth0").receiveQueues());
    }

    @Test
    void shouldNameTheInterfaceThatIsNotThere() {
        SysException e = assertThrows(SysException.class, () -> ethtool.set("eth9", Feature.TX_CHECKSUM, false));

        assertEquals(Errno.ENODEV, e.errno());
        assertTrue(e.getMessage().contains("eth9"), e.getMessage());
    }
}
