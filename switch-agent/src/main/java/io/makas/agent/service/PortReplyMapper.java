// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.makas.dataplane.PortInfo;
import io.makas.dataplane.port.AfXdpMode;
import io.makas.dataplane.port.AfXdpTraffic;
import io.makas.dataplane.port.PortConfig;
import io.makas.flow.packet.MacAddress;
import io.makas.v1.AfXdpPortConfig;
import io.makas.v1.DpdkPortConfig;
import io.makas.v1.MemoryPortConfig;
import io.makas.v1.Port;
import io.makas.v1.PortCounters;
import io.makas.v1.VhostUserPortConfig;

/** Ports of switch-dataplane to messages. */
final class PortReplyMapper {

    private PortReplyMapper() {}

    /** A port as it is. */
    static Port port(PortInfo info) {
        return Port.newBuilder()
                .setNumber(info.number())
                .setConfig(config(info.config()))
                .setLinkUp(info.linkUp())
                .setDescription(info.description())
                .setCounters(PortCounters.newBuilder()
                        .setRxPackets(info.receivedPackets())
                        .setRxBytes(info.receivedBytes())
                        .setRxDroppedPackets(info.receiveDropped())
                        .setTxPackets(info.transmittedPackets())
                        .setTxBytes(info.transmittedBytes())
                        .setTxDroppedPackets(info.transmitDropped()))
                .build();
    }

    private static io.makas.v1.PortConfig config(PortConfig config) {
        var message = io.makas.v1.PortConfig.newBuilder().setName(config.name());
        switch (config) {
            case PortConfig.AfXdp afXdp ->
                message.setAfxdp(AfXdpPortConfig.newBuilder()
                        .setInterface(afXdp.interfaceName())
                        .setQueue(afXdp.queue())
                        .setQueues(afXdp.queues())
                        .setMode(mode(afXdp.mode()))
                        .addAllTake(afXdp.take().stream()
                                .map(AfXdpTraffic::toString)
                                .toList()));
            case PortConfig.VhostUser vhost ->
                message.setVhostUser(VhostUserPortConfig.newBuilder()
                        .setSocket(vhost.socket().toString())
                        .setRole(role(vhost.role()))
                        .setImplementation(implementation(vhost.implementation()))
                        .setQueues(vhost.queues()));
            case PortConfig.Dpdk dpdk ->
                message.setDpdk(DpdkPortConfig.newBuilder()
                        .setDevargs(dpdk.devargs())
                        .setQueues(dpdk.queues())
                        .setDescriptors(dpdk.descriptors())
                        .setMtu(dpdk.mtuBytes())
                        .setMac(dpdk.mac().map(MacAddress::toString).orElse("")));
            case PortConfig.Memory _ -> message.setMemory(MemoryPortConfig.getDefaultInstance());
        }
        return message.build();
    }

    private static AfXdpPortConfig.Mode mode(AfXdpMode mode) {
        return switch (mode) {
            case BEST_EFFORT -> AfXdpPortConfig.Mode.MODE_BEST_EFFORT;
            case NATIVE_WITH_ZEROCOPY -> AfXdpPortConfig.Mode.MODE_NATIVE_WITH_ZEROCOPY;
            case NATIVE -> AfXdpPortConfig.Mode.MODE_NATIVE;
            case GENERIC -> AfXdpPortConfig.Mode.MODE_GENERIC;
        };
    }

    private static VhostUserPortConfig.Role role(PortConfig.VhostRole role) {
        return switch (role) {
            case CLIENT -> VhostUserPortConfig.Role.ROLE_CLIENT;
            case SERVER -> VhostUserPortConfig.Role.ROLE_SERVER;
        };
    }

    private static VhostUserPortConfig.Implementation implementation(PortConfig.VhostImplementation implementation) {
        return switch (implementation) {
            case LIBRARY -> VhostUserPortConfig.Implementation.IMPLEMENTATION_LIBRARY;
            case OWN -> VhostUserPortConfig.Implementation.IMPLEMENTATION_OWN;
        };
    }
}
