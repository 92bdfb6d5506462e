// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DpdkReleaseTest {

    @Test
    void shouldKnowTheMinorReleasesOfARelease() {
        assertTrue(DpdkRelease.V22_11.isNamedBy("DPDK 22.11.11"));
        assertTrue(DpdkRelease.V23_11.isNamedBy("DPDK 23.11"));
        assertTrue(DpdkRelease.V24_11.isNamedBy("DPDK 24.11.0-rc4"));
    }

    @Test
    void shouldRefuseAnotherRelease() {
        assertFalse(DpdkRelease.V22_11.isNamedBy("DPDK 22.07.1"));
        assertFalse(DpdkRelease.V22_11.isNamedBy("DPDK 22.110"));
        assertFalse(DpdkRelease.V22_11.isNamedBy(""));
    }
}
