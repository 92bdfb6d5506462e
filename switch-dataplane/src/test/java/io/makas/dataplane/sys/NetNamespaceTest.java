// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestNamespaces;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@RequiresRoot
final class NetNamespaceTest {

    private final TestNamespaces namespaces = new TestNamespaces();

    @AfterEach
    void removeNamespaces() {
        namespaces.close();
    }

    @Test
    void shouldRunCodeInsideAndLeaveTheCallerOutside() throws Exception {
        NetNamespace namespace = namespaces.create();
        try (NetNamespace here = NetNamespace.current()) {
            long inside = namespace.call(() -> {
                try (NetNamespace current = NetNamespace.current()) {
                    return current.inode();
                }
            });

            assertEquals(namespace.inode(), inside);
            assertNotEquals(here.inode(), inside);
            try (NetNamespace still = NetNamespace.current()) {
                assertTrue(still.isSame(here));
            }
        }
    }

    @Test
    void shouldPassOnWhatTheCodeThrows() {
        NetNamespace namespace = namespaces.create();

        IOException thrown = assertThrows(
                IOException.class,
                () -> namespace.call(() -> {
                    throw new IOException("from inside");
                }));

        assertEquals("from inside", thrown.getMessage());
    }

    @Test
    void shouldOpenTheSameNamespaceByItsName() {
        NetNamespace made = namespaces.create();

        try (NetNamespace opened = NetNamespace.open(Path.of(made.name()))) {
            assertTrue(opened.isSame(made));
        }
    }

    @Test
    void shouldLiveOnWhileItIsHeldOpenAfterItsNameIsGone() throws Exception {
        NetNamespace made = namespaces.create();
        String name = Path.of(made.name()).getFileName().toString();

        assertTrue(NetNamespace.delete(name));

        assertFalse(NetNamespace.delete(name), "deleting twice is no error");
        assertNotEquals(0, (int) made.call(() -> InterfaceIndex.of("lo")));
    }

    @Test
    void shouldRefuseANameThatIsTaken() {
        NetNamespace made = namespaces.create();
        String name = Path.of(made.name()).getFileName().toString();

        SysException e = assertThrows(SysException.class, () -> NetNamespace.create(name));

        assertTrue(e.getMessage().contains("exists already"), e.getMessage());
    }

    @Test
    void shouldSayWhichNamespaceIsGone() {
        SysException e = assertThrows(SysException.class, () -> NetNamespace.open(Path.of("/run/netns/mk-none")));

        assertEquals(Errno.ENOENT, e.errno());
        assertTrue(e.getMessage().contains("/run/netns/mk-none"), e.getMessage());
    }
}
