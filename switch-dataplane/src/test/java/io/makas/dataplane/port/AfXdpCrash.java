// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.sys.NetNamespace;
import java.nio.file.Path;

/** A process that opens an AF_XDP port, says so, and waits to be killed. Started by {@link AfXdpPortTest}. */
final class AfXdpCrash {

    static final String OPENED = "opened";

    private AfXdpCrash() {}

    public static void main(String[] args) throws Exception {
        try (NetNamespace namespace = NetNamespace.open(Path.of(args[0]));
                AfXdpPort port = namespace.supply(() -> AfXdpPort.open(new PortConfig.AfXdp("p1", args[1], 0)))) {
            port.attach();
            System.out.println(OPENED);
            // Ends at the latest with the process that started this one.
            while (System.in.read() >= 0) {
                Thread.onSpinWait();
            }
        }
    }
}
