// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.testing;

import io.makas.dataplane.sys.NetNamespace;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Network namespaces of one test, gone after it, also when it failed. Their names begin with {@code mk} and the number of the
 * process, so that test runs do not meet; what a killed run left behind is removed by the next.
 */
public final class TestNamespaces implements AutoCloseable {

    private static final Pattern OURS = Pattern.compile("mk(\\d+)-\\d+");
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final List<String> names = new ArrayList<>();
    private final List<NetNamespace> open = new ArrayList<>();

    /** Begins without namespaces. */
    public TestNamespaces() {
        removeLeftovers();
    }

    /** Makes a namespace with nothing but a loopback that is down. */
    public NetNamespace create() {
        String name = "mk" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        NetNamespace namespace = NetNamespace.create(name);
        names.add(name);
        open.add(namespace);
        return namespace;
    }

    @Override
    public void close() {
        open.forEach(NetNamespace::close);
        names.forEach(NetNamespace::delete);
        open.clear();
        names.clear();
    }

    private static void removeLeftovers() {
        String[] there = NetNamespace.NAMED.toFile().list();
        for (String name : there == null ? new String[0] : there) {
            Matcher ours = OURS.matcher(name);
            if (ours.matches() && !Files.exists(java.nio.file.Path.of("/proc", ours.group(1)))) {
                NetNamespace.delete(name);
            }
        }
    }
}
