// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import io.makas.flow.packet.MacAddress;

/**
 * A network interface as the kernel described it at one moment.
 *
 * @param index the kernel's number, unique in its namespace and not used again soon
 * @param name up to 15 characters, changeable
 * @param mac Ethernet address, or null for an interface without one
 * @param mtuBytes largest layer 3 packet
 * @param up whether it was switched on ({@code IFF_UP})
 * @param carrier whether there is something at the other end; for a veth, that the peer is up too
 * @param kind the driver's word, e.g. {@code veth}, {@code bridge}, {@code vxlan}; empty for a NIC
 * @param peerIndex number of the peer of a veth, or of the interface below a VLAN; 0 for none
 * @param peerNamespaceId this namespace's number for the peer's namespace ({@code IFLA_LINK_NETNSID}), −1 if it is the same
 * @param masterIndex number of the bridge or bond it belongs to, 0 for none
 * @param xdpProgramId number of the XDP program on it, 0 for none
 * @param alias what somebody noted about it ({@code ip link set … alias}), or empty
 */
public record Link(
        int index,
        String name,
        MacAddress mac,
        int mtuBytes,
        boolean up,
        boolean carrier,
        String kind,
        int peerIndex,
        int peerNamespaceId,
        int masterIndex,
        int xdpProgramId,
        String alias) {}
