// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import io.makas.flow.packet.MacAddress;

/**
 * Netlink messages about interfaces: {@code struct ifinfomsg} and its attributes, of {@code linux/rtnetlink.h},
 * {@code linux/if_link.h} and {@code linux/veth.h}.
 *
 * <p>Thread: any, it has no state.
 */
final class LinkMessages {

    /** {@code RTM_NEWLINK}. */
    static final int RTM_NEWLINK = 16;
    /** {@code RTM_DELLINK}. */
    static final int RTM_DELLINK = 17;
    /** {@code RTM_GETLINK}. */
    static final int RTM_GETLINK = 18;
    /** {@code RTNLGRP_LINK}. */
    static final int RTNLGRP_LINK = 1;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_IFALIAS = 20;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_NUM_TX_QUEUES = 31;
    private static final int IFLA_NUM_RX_QUEUES = 32;
    private static final int IFLA_CARRIER = 33;
    private static final int IFLA_LINK_NETNSID = 37;
    private static final int IFLA_XDP = 43;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFLA_XDP_PROG_ID = 4;
    private static final int IFF_UP = 1;
    private static final int INFO_BYTES = 16;

    private LinkMessages() {}

    /** Asks for one interface by name. */
    static NetlinkMessage get(String name) {
        return info(RTM_GETLINK, 0, 0, 0, 0).attribute(IFLA_IFNAME, name);
    }

    /** Asks for one interface by number. */
    static NetlinkMessage get(int index) {
        return info(RTM_GETLINK, 0, index, 0, 0);
    }

    /** Asks for all interfaces. */
    static NetlinkMessage getAll() {
        return info(RTM_GETLINK, NetlinkMessage.NLM_F_DUMP, 0, 0, 0);
    }

    static NetlinkMessage createVeth(
            String hostName, String peerName, int peerNamespaceFd, int mtuBytes, MacAddress peerMac) {
        int flags = NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;
        NetlinkMessage message = info(RTM_NEWLINK, flags, 0, 0, 0);
        veth(message, hostName, mtuBytes);
        int linkInfo = message.begin(IFLA_LINKINFO);
        message.attribute(IFLA_INFO_KIND, "veth");
        int data = message.begin(IFLA_INFO_DATA);
        int peer = message.begin(VETH_INFO_PEER);
        ifinfomsg(message, 0, 0, 0);
        veth(message, peerName, mtuBytes);
        message.attribute(IFLA_NET_NS_FD, peerNamespaceFd);
        if (peerMac != null) {
            message.attribute(IFLA_ADDRESS, peerMac.bytes());
        }
        return message.end(peer).end(data).end(linkInfo);
    }

    static NetlinkMessage delete(int index) {
        return info(RTM_DELLINK, NetlinkMessage.NLM_F_ACK, index, 0, 0);
    }

    static NetlinkMessage setUp(int index, boolean up) {
        return info(RTM_NEWLINK, NetlinkMessage.NLM_F_ACK, index, up ? IFF_UP : 0, IFF_UP);
    }

    static NetlinkMessage setMtu(int index, int mtuBytes) {
        return info(RTM_NEWLINK, NetlinkMessage.NLM_F_ACK, index, 0, 0).attribute(IFLA_MTU, mtuBytes);
    }

    static NetlinkMessage setMac(int index, MacAddress mac) {
        return info(RTM_NEWLINK, NetlinkMessage.NLM_F_ACK, index, 0, 0).attribute(IFLA_ADDRESS, mac.bytes());
    }

    static NetlinkMessage setAlias(int index, byte[] alias) {
        return info(RTM_NEWLINK, NetlinkMessage.NLM_F_ACK, index, 0, 0).attribute(IFLA_IFALIAS, alias);
    }

    static NetlinkMessage rename(int index, String name) {
        return info(RTM_NEWLINK, NetlinkMessage.NLM_F_ACK, index, 0, 0).attribute(IFLA_IFNAME, name);
    }

    static NetlinkMessage moveTo(int index, int namespaceFd) {
        return info(RTM_NEWLINK, NetlinkMessage.NLM_F_ACK, index, 0, 0).attribute(IFLA_NET_NS_FD, namespaceFd);
    }

    /** Reads an interface from {@code RTM_NEWLINK} or {@code RTM_DELLINK}. */
    static Link read(NetlinkAnswer answer) {
        int start = answer.body().position();
        int index = answer.body().getInt(start + 4);
        int flags = answer.body().getInt(start + 8);
        NetlinkAttributes attributes = answer.attributesAfter(INFO_BYTES);
        return new Link(
                index,
                attributes.text(IFLA_IFNAME, ""),
                attributes.mac(IFLA_ADDRESS),
                attributes.u32(IFLA_MTU, 0),
                (flags & IFF_UP) != 0,
                attributes.u8(IFLA_CARRIER, 0) != 0,
                attributes.nested(IFLA_LINKINFO).text(IFLA_INFO_KIND, ""),
                attributes.u32(IFLA_LINK, 0),
                attributes.u32(IFLA_LINK_NETNSID, -1),
                attributes.u32(IFLA_MASTER, 0),
                attributes.nested(IFLA_XDP).u32(IFLA_XDP_PROG_ID, 0),
                attributes.text(IFLA_IFALIAS, ""));
    }

    /** One queue each way: an AF_XDP socket sees one queue, and a second would bypass it. */
    private static void veth(NetlinkMessage message, String name, int mtuBytes) {
        message.attribute(IFLA_IFNAME, name)
                .attribute(IFLA_MTU, mtuBytes)
                .attribute(IFLA_NUM_TX_QUEUES, 1)
                .attribute(IFLA_NUM_RX_QUEUES, 1);
    }

    private static NetlinkMessage info(int type, int messageFlags, int index, int flags, int change) {
        return ifinfomsg(new NetlinkMessage(type, messageFlags), index, flags, change);
    }

    /** {@code struct ifinfomsg}: family, pad, type, index, flags, change. */
    private static NetlinkMessage ifinfomsg(NetlinkMessage message, int index, int flags, int change) {
        return message.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(change);
    }
}
