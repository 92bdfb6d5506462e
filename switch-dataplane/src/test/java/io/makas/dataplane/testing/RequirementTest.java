// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The reasons for which tests are skipped. Only the annotations of the samples are read; no sample is run. */
class RequirementTest {

    @RequiresCommand("sh")
    @RequiresJdkTool("java")
    @RequiresLibrary("libc.so")
    @RequiresHugepages(freeMib = 0)
    private static final class Present {}

    @RequiresCommand(
            value = {"sh", "no-such-command"},
            debianPackage = "some-package")
    @RequiresJdkTool("no-such-tool")
    @RequiresLibrary("libnone.so")
    @RequiresHugepages(freeMib = Integer.MAX_VALUE)
    private static final class Absent {}

    @Test
    void shouldFindNothingLackingWhenTheMachineHasIt() {
        assertEquals(Optional.empty(), command(Present.class));
        assertEquals(Optional.empty(), jdkTool(Present.class));
        assertEquals(Optional.empty(), library(Present.class));
        assertEquals(Optional.empty(), hugepages(Present.class));
    }

    @Test
    void shouldNameTheFirstMissingCommandAndItsPackage() {
        assertEquals(
                Optional.of("needs the command no-such-command (Debian: apt-get install some-package)"),
                command(Absent.class));
    }

    @Test
    void shouldNameWhatElseIsMissing() {
        assertTrue(jdkTool(Absent.class).orElseThrow().startsWith("needs no-such-tool in "));
        assertEquals(Optional.of("needs the library libnone.so"), library(Absent.class));
    }

    @Test
    void shouldSayHowManyHugepagesAreMissingAndHowToGetThem() {
        String reason = hugepages(Absent.class).orElseThrow();

        assertTrue(reason.startsWith("needs 1073741823 free hugepages of 2 MiB, there are "), reason);
        assertTrue(reason.contains("./makas test"), reason);
    }

    private static Optional<String> command(Class<?> sample) {
        return new RequiresCommand.Condition().lack(sample.getAnnotation(RequiresCommand.class));
    }

    private static Optional<String> jdkTool(Class<?> sample) {
        return new RequiresJdkTool.Condition().lack(sample.getAnnotation(RequiresJdkTool.class));
    }

    private static Optional<String> library(Class<?> sample) {
        return new RequiresLibrary.Condition().lack(sample.getAnnotation(RequiresLibrary.class));
    }

    private static Optional<String> hugepages(Class<?> sample) {
        return new RequiresHugepages.Condition().lack(sample.getAnnotation(RequiresHugepages.class));
    }
}
