// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.cni.Attachment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodNamesTest {

    @Test
    void shouldAlwaysGiveTheSameNames() {
        PodNames names = PodNames.of(new Attachment("c0ffee", "eth0"));

        assertEquals(names, PodNames.of(new Attachment("c0ffee", "eth0")));
        assertTrue(names.hostName().matches("mk[0-9a-f]{11}"), names.hostName());
    }

    @Test
    void shouldTellInterfacesOfAContainerApart() {
        assertNotEquals(
                PodNames.of(new Attachment("c0ffee", "eth0")).hostName(),
                PodNames.of(new Attachment("c0ffee", "net1")).hostName());
    }

    @Test
    void shouldGiveDifferentNamesToManyPods() {
        Set<String> names = new HashSet<>();
        Set<Long> macs = new HashSet<>();

        for (int i = 0; i < 10_000; i++) {
            PodNames each = PodNames.of(new Attachment("container-" + i, "eth0"));
            names.add(each.hostName());
            macs.add(each.podMac().bits());
            assertFalse(each.podMac().isMulticast());
            assertEquals(0x02, each.podMac().bytes()[0] & 0x03, "locally administered");
        }

        assertEquals(10_000, names.size());
        assertEquals(10_000, macs.size());
    }
}
