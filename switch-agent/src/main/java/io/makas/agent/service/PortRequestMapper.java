// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.makas.dataplane.port.AfXdpMode;
import io.makas.dataplane.port.AfXdpTraffic;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.port.PortConfig.VhostImplementation;
import io.makas.dataplane.port.PortConfig.VhostRole;
import io.makas.flow.packet.MacAddress;
import io.makas.v1.AfXdpPortConfig;
import io.makas.v1.DpdkPortConfig;
import io.makas.v1.VhostUserPortConfig;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Ports as clients ask for them, to the records of switch-dataplane. */
final class PortRequestMapper {

    private PortRequestMapper() {}

    /** How a port is to be opened; refused with INVALID_ARGUMENT if it cannot be. */
    static PortConfig config(io.makas.v1.PortConfig message) {
        try {
            return switch (message.getTypeCase()) {
                case AFXDP -> afXdp(message.getName(), message.getAfxdp());
                case VHOST_USER -> vhostUser(message.getName(), message.getVhostUser());
                case DPDK -> dpdk(message.getName(), message.getDpdk());
                case MEMORY -> new PortConfig.Memory(message.getName());
                case TYPE_NOT_SET ->
                    throw Failures.invalid("port '" + message.getName() + "' has no type that this switch knows; "
                            + "give one of afxdp, vhost_user, dpdk, memory");
            };
        } catch (IllegalArgumentException e) {
            throw Failures.invalid(e.getMessage());
        }
    }

    private static PortConfig afXdp(String name, AfXdpPortConfig message) {
        AfXdpMode mode = switch (message.getMode()) {
            case MODE_UNSPECIFIED, MODE_BEST_EFFORT -> AfXdpMode.BEST_EFFORT;
            case MODE_NATIVE_WITH_ZEROCOPY -> AfXdpMode.NATIVE_WITH_ZEROCOPY;
            case MODE_NATIVE -> AfXdpMode.NATIVE;
            case MODE_GENERIC -> AfXdpMode.GENERIC;
            case UNRECOGNIZED ->
                throw new IllegalArgumentException(
                        "unknown mode " + message.getModeValue() + "; give MODE_BEST_EFFORT or a mode from 2 to 4");
        };
        return new PortConfig.AfXdp(
                name,
                message.getInterface(),
                message.getQueue(),
                message.getQueues(),
                mode,
                message.getTakeList().stream().map(AfXdpTraffic::parse).toList());
    }

    private static PortConfig dpdk(String name, DpdkPortConfig message) {
        return new PortConfig.Dpdk(
                name,
                message.getDevargs(),
                message.getQueues() == 0 ? 1 : message.getQueues(),
                message.getDescriptors(),
                message.getMtu(),
                message.getMac().isEmpty() ? Optional.empty() : Optional.of(MacAddress.of(message.getMac())));
    }

    private static PortConfig vhostUser(String name, VhostUserPortConfig message) {
        VhostRole role = switch (message.getRole()) {
            case ROLE_UNSPECIFIED, ROLE_CLIENT -> VhostRole.CLIENT;
            case ROLE_SERVER -> VhostRole.SERVER;
            case UNRECOGNIZED ->
                throw new IllegalArgumentException(
                        "unknown role " + message.getRoleValue() + "; give ROLE_CLIENT or ROLE_SERVER");
        };
        VhostImplementation implementation = switch (message.getImplementation()) {
            case IMPLEMENTATION_UNSPECIFIED -> VhostImplementation.DEFAULT;
            case IMPLEMENTATION_LIBRARY -> VhostImplementation.LIBRARY;
            case IMPLEMENTATION_OWN -> VhostImplementation.OWN;
            case UNRECOGNIZED ->
                throw new IllegalArgumentException("unknown implementation " + message.getImplementationValue()
                        + "; give IMPLEMENTATION_LIBRARY or IMPLEMENTATION_OWN");
        };
        int queues = message.getQueues() == 0 ? 1 : message.getQueues();
        try {
            return new PortConfig.VhostUser(name, Path.of(message.getSocket()), role, implementation, queues);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("socket: " + e.getMessage(), e);
        }
    }
}
