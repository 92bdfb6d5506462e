// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SystemProbeTest {

    @Test
    void shouldSaySomethingOfEverythingOnAnyMachine() {
        List<SystemProbe.Finding> findings = SystemProbe.findings();

        Set<String> names = new HashSet<>();
        for (SystemProbe.Finding finding : findings) {
            assertTrue(names.add(finding.what()));
            assertFalse(finding.detail().isBlank(), finding.toString());
        }
        assertTrue(findings.getFirst().usable(), findings.getFirst().toString());
    }

    @Test
    @RequiresRoot
    @RequiresLibrary(value = "libbpf.so.1", debianPackage = "libbpf1")
    void shouldFindEverythingWhereAfXdpPortsWork() {
        assertEquals(
                List.of(),
                SystemProbe.findings().stream()
                        .filter(finding -> !finding.usable())
                        .toList());
    }
}
