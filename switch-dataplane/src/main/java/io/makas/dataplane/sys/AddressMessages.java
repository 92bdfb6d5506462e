// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import io.makas.flow.packet.MacAddress;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Netlink messages about addresses, routes and neighbours: {@code struct ifaddrmsg}, {@code struct rtmsg} and
 * {@code struct ndmsg} with their attributes, of {@code linux/if_addr.h}, {@code linux/rtnetlink.h} and
 * {@code linux/neighbour.h}.
 *
 * <p>Thread: any, it has no state.
 */
final class AddressMessages {

    private static final int RTM_NEWADDR = 20;
    private static final int RTM_DELADDR = 21;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_GETROUTE = 26;
    private static final int RTM_NEWNEIGH = 28;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_F_NODAD = 0x02;
    private static final int IFADDR_BYTES = 8;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_TABLE = 15;
    private static final int RT_TABLE_MAIN = 254;
    private static final int RTPROT_STATIC = 4;
    private static final int RTN_UNICAST = 1;
    private static final int RTNH_F_ONLINK = 4;
    private static final int RT_SCOPE_NOWHERE = 255;
    private static final int ROUTE_BYTES = 12;
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int NUD_PERMANENT = 0x80;

    private static final int CREATE =
            NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;

    private AddressMessages() {}

    /** IPv6 without duplicate address detection: the address manager knows it is unique, and pods need not wait. */
    static NetlinkMessage addAddress(LinkAddress address) {
        int flags = address.address() instanceof Inet6Address ? IFA_F_NODAD : 0;
        return address(new NetlinkMessage(RTM_NEWADDR, CREATE), address, flags);
    }

    static NetlinkMessage deleteAddress(LinkAddress address) {
        return address(new NetlinkMessage(RTM_DELADDR, NetlinkMessage.NLM_F_ACK), address, 0);
    }

    static NetlinkMessage getAddresses() {
        return new NetlinkMessage(RTM_GETADDR, NetlinkMessage.NLM_F_DUMP)
                .u8(0)
                .u8(0)
                .u8(0)
                .u8(0)
                .u32(0);
    }

    static LinkAddress readAddress(NetlinkAnswer answer) {
        int start = answer.body().position();
        int prefixBits = answer.body().get(start + 1) & 0xff;
        int linkIndex = answer.body().getInt(start + 4);
        NetlinkAttributes attributes = answer.attributesAfter(IFADDR_BYTES);
        InetAddress local = attributes.address(IFA_LOCAL);
        return new LinkAddress(linkIndex, local == null ? attributes.address(IFA_ADDRESS) : local, prefixBits);
    }

    static NetlinkMessage addRoute(Route route) {
        return route(
                new NetlinkMessage(RTM_NEWROUTE, CREATE), route, route.scope().value());
    }

    static NetlinkMessage deleteRoute(Route route) {
        return route(new NetlinkMessage(RTM_DELROUTE, NetlinkMessage.NLM_F_ACK), route, RT_SCOPE_NOWHERE);
    }

    static NetlinkMessage getRoutes() {
        return rtmsg(new NetlinkMessage(RTM_GETROUTE, NetlinkMessage.NLM_F_DUMP), 0, 0, 0, 0, 0);
    }

    /** Reads a route of the main table with one next hop; null for any other. */
    static Route readRoute(NetlinkAnswer answer) {
        int start = answer.body().position();
        int family = answer.body().get(start);
        int prefixBits = answer.body().get(start + 1) & 0xff;
        int table = answer.body().get(start + 4) & 0xff;
        int scope = answer.body().get(start + 6) & 0xff;
        int type = answer.body().get(start + 7) & 0xff;
        int flags = answer.body().getInt(start + 8);
        NetlinkAttributes attributes = answer.attributesAfter(ROUTE_BYTES);
        int link = attributes.u32(RTA_OIF, 0);
        if (attributes.u32(RTA_TABLE, table) != RT_TABLE_MAIN || type != RTN_UNICAST || link == 0) {
            return null;
        }
        InetAddress destination = attributes.address(RTA_DST);
        return new Route(
                destination == null ? any(family) : destination,
                prefixBits,
                attributes.address(RTA_GATEWAY),
                link,
                Route.Scope.of(scope),
                (flags & RTNH_F_ONLINK) != 0);
    }

    /** {@code struct ndmsg}: family, pad, pad, ifindex, state, flags, type. */
    static NetlinkMessage addNeighbor(int linkIndex, InetAddress address, MacAddress mac) {
        int flags = NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_REPLACE;
        return new NetlinkMessage(RTM_NEWNEIGH, flags)
                .u8(family(address))
                .u8(0)
                .u16(0)
                .u32(linkIndex)
                .u16(NUD_PERMANENT)
                .u8(0)
                .u8(0)
                .attribute(NDA_DST, address.getAddress())
                .attribute(NDA_LLADDR, mac.bytes());
    }

    /** {@code struct ifaddrmsg}: family, prefix length, flags, scope, index. */
    private static NetlinkMessage address(NetlinkMessage message, LinkAddress address, int flags) {
        byte[] bytes = address.address().getAddress();
        int scope = address.address().isLinkLocalAddress() ? Route.Scope.LINK.value() : 0;
        return message.u8(family(address.address()))
                .u8(address.prefixBits())
                .u8(flags)
                .u8(scope)
                .u32(address.linkIndex())
                .attribute(IFA_LOCAL, bytes)
                .attribute(IFA_ADDRESS, bytes);
    }

    private static NetlinkMessage route(NetlinkMessage message, Route route, int scope) {
        int flags = route.onLink() ? RTNH_F_ONLINK : 0;
        rtmsg(message, family(route.destination()), route.prefixBits(), RT_TABLE_MAIN, scope, flags);
        if (route.prefixBits() > 0) {
            message.attribute(RTA_DST, route.destination().getAddress());
        }
        if (route.gateway() != null) {
            message.attribute(RTA_GATEWAY, route.gateway().getAddress());
        }
        return message.attribute(RTA_OIF, route.linkIndex());
    }

    /** {@code struct rtmsg}: family, lengths of both prefixes, type of service, table, protocol, scope, type, flags. */
    private static NetlinkMessage rtmsg(
            NetlinkMessage message, int family, int prefixBits, int table, int scope, int flags) {
        return message.u8(family)
                .u8(prefixBits)
                .u8(0)
                .u8(0)
                .u8(table)
                .u8(RTPROT_STATIC)
                .u8(scope)
                .u8(RTN_UNICAST)
                .u32(flags);
    }

    private static int family(InetAddress address) {
        return address instanceof Inet6Address ? LibcSockets.AF_INET6 : LibcSockets.AF_INET;
    }

    private static InetAddress any(int family) {
        return NetlinkAttributes.inetAddress(new byte[family == LibcSockets.AF_INET6 ? 16 : 4]);
    }
}
