// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.sys.NetNamespace;

/** {@code net_tap}: the driver makes a TAP interface. */
final class DpdkTapPortTest extends DpdkPortContractTest {

    @Override
    String device(NetNamespace host, NetNamespace peer, int number) {
        return "net_tap" + number + ",iface=eth0";
    }

    @Override
    NetNamespace peerNamespace(NetNamespace host, NetNamespace peer) {
        return host;
    }
}
