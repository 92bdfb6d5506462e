// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestPods;
import org.junit.jupiter.api.Test;

@RequiresRoot
@RequiresLibrary(value = "libbpf.so.1", debianPackage = "libbpf1")
final class XdpProgramTest {

    @Test
    void shouldShareOneProgramAmongTheVethsOfASwitch() throws Exception {
        try (TestPods pods = new TestPods()) {
            pods.add();
            pods.add();

            try (Port first = open(pods, "h1")) {
                int program = programId(pods, "h1");
                Port second = open(pods, "h2");
                assertEquals(program, programId(pods, "h2"));
                second.close();
                assertEquals(program, programId(pods, "h1"), "the last one takes it away, not the first");
                assertTrue(first.linkUp());
            }
            assertEquals(0, programId(pods, "h1"));
        }
    }

    @Test
    void shouldKeepTheProgramWhileThereIsNoPort() throws Exception {
        try (TestPods pods = new TestPods();
                XdpAnchor anchor = XdpAnchor.open()) {
            pods.add();
            int program;
            try (Port first = open(pods, "h1")) {
                program = programId(pods, "h1");
                assertTrue(first.linkUp(), "with " + anchor);
            }

            try (Port again = open(pods, "h1")) {
                assertEquals(program, programId(pods, "h1"));
                assertTrue(again.linkUp());
            }
        }
    }

    @Test
    void shouldGiveInterfacesOfEqualNumberInTwoNamespacesTheirOwnEntries() throws Exception {
        try (TestPods one = new TestPods();
                TestPods other = new TestPods()) {
            assertEquals(
                    one.add().hostLink().index(),
                    other.add().hostLink().index(),
                    "both are the first interface of their namespace");

            try (Port first = open(one, "h1");
                    Port second = open(other, "h1")) {
                assertNotEquals(programId(one, "h1"), programId(other, "h1"));
                assertTrue(first.linkUp() && second.linkUp());
            }
        }
    }

    private static Port open(TestPods pods, String name) throws Exception {
        return pods.switchNamespace().call(() -> AfXdpPort.open(new PortConfig.AfXdp(name, name, 0)));
    }

    private static int programId(TestPods pods, String name) {
        return pods.netlink().require(name).xdpProgramId();
    }
}
