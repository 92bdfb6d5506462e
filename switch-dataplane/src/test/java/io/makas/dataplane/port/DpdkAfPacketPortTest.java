// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Netlink;

/** {@code net_af_packet}: packet sockets with rings, on one end of a veth. */
final class DpdkAfPacketPortTest extends DpdkPortContractTest {

    @Override
    String device(NetNamespace host, NetNamespace peer, int number) {
        try (Netlink netlink = Netlink.open(host);
                Netlink inPeer = Netlink.open(peer)) {
            Link end = netlink.createVeth("h0", "eth0", peer, 1500, null);
            netlink.setUp(end.index());
            inPeer.setUp(inPeer.require("eth0").index());
        }
        return "net_af_packet" + number + ",iface=h0";
    }

    @Override
    NetNamespace peerNamespace(NetNamespace host, NetNamespace peer) {
        return peer;
    }
}
