// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.AfXdpPortConfig;
import io.makas.v1.DpdkPortConfig;
import io.makas.v1.MemoryPortConfig;
import io.makas.v1.PortConfig;
import io.makas.v1.VhostUserPortConfig;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that say how a port is opened. Filled by picocli. */
final class PortOptions {

    @Option(
            names = "--type",
            required = true,
            paramLabel = "afxdp|vhost-user|dpdk|memory",
            description = "What the port is: a network interface, a guest's socket, a DPDK device, or a test's.")
    private String type;

    @Option(names = "--interface", paramLabel = "NAME", description = "afxdp: the network interface, e.g. veth0.")
    private String interfaceName;

    @Option(names = "--queue", paramLabel = "N", description = "afxdp: the first receive queue to serve (default: 0).")
    private Integer queue;

    @Option(
            names = "--queues",
            paramLabel = "N",
            description = "afxdp: how many queues to serve (default: all of a veth, and with --take; one of a NIC). "
                    + "vhost-user: 1 to 64 with --implementation own (default: 1). "
                    + "dpdk: pairs of queues (default: 1).")
    private Integer queues;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "afxdp: best-effort (default), native-with-zerocopy, native or generic.")
    private String mode;

    @Option(
            names = "--take",
            paramLabel = "TRAFFIC",
            description = "afxdp: take only this traffic of a NIC and leave the rest to the host; may be repeated: "
                    + "dl_dst=MAC, dl_vlan=ID, dl_type=TYPE, udp_dst=PORT, or udp_dst=PORT,tun_id=VNI.")
    private List<String> take;

    @Option(names = "--path", paramLabel = "PATH", description = "vhost-user: the guest's Unix socket.")
    private Path path;

    @Option(
            names = "--role",
            paramLabel = "client|server",
            description = "vhost-user: client if the guest listens (default), server if the switch does.")
    private String role;

    @Option(
            names = "--implementation",
            paramLabel = "library|own",
            description = "vhost-user: who works the guest's rings, DPDK's library or the switch itself.")
    private String implementation;

    @Option(
            names = "--devargs",
            paramLabel = "TEXT",
            description = "dpdk: PCI address or virtual device, e.g. net_tap0,iface=tap0.")
    private String devargs;

    @Option(
            names = "--descriptors",
            paramLabel = "N",
            description = "dpdk: length of each queue in frames (default: the driver's choice).")
    private Integer descriptors;

    @Option(names = "--mtu", paramLabel = "BYTES", description = "dpdk: the MTU, 68 to 9000 (default: 1500).")
    private Integer mtu;

    @Option(names = "--mac", paramLabel = "ADDRESS", description = "dpdk: address to give to the device.")
    private String mac;

    /** The configuration of a port with this name. */
    PortConfig config(String name) {
        var config = PortConfig.newBuilder().setName(name);
        switch (type) {
            case "afxdp" -> {
                refuseOthers(List.of("--interface", "--queue", "--queues", "--mode", "--take"));
                config.setAfxdp(AfXdpPortConfig.newBuilder()
                        .setInterface(needed("--interface", interfaceName))
                        .setQueue(queue == null ? 0 : queue)
                        .setQueues(queues == null ? 0 : queues)
                        .setMode(mode())
                        .addAllTake(take == null ? List.of() : take));
            }
            case "vhost-user" -> {
                refuseOthers(List.of("--path", "--role", "--implementation", "--queues"));
                config.setVhostUser(VhostUserPortConfig.newBuilder()
                        .setSocket(needed("--path", path)
                                .toAbsolutePath()
                                .normalize()
                                .toString())
                        .setRole(role())
                        .setImplementation(implementation())
                        .setQueues(queues == null ? 0 : queues));
            }
            case "dpdk" -> {
                refuseOthers(List.of("--devargs", "--queues", "--descriptors", "--mtu", "--mac"));
                config.setDpdk(DpdkPortConfig.newBuilder()
                        .setDevargs(needed("--devargs", devargs))
                        .setQueues(queues == null ? 0 : queues)
                        .setDescriptors(descriptors == null ? 0 : descriptors)
                        .setMtu(mtu == null ? 0 : mtu)
                        .setMac(mac == null ? "" : mac));
            }
            case "memory" -> {
                refuseOthers(List.of());
                config.setMemory(MemoryPortConfig.getDefaultInstance());
            }
            default ->
                throw new UsageException("unknown port type '" + type + "'; give afxdp, vhost-user, dpdk or memory");
        }
        return config.build();
    }

    private AfXdpPortConfig.Mode mode() {
        return switch (mode) {
            case null -> AfXdpPortConfig.Mode.MODE_BEST_EFFORT;
            case "best-effort" -> AfXdpPortConfig.Mode.MODE_BEST_EFFORT;
            case "native-with-zerocopy" -> AfXdpPortConfig.Mode.MODE_NATIVE_WITH_ZEROCOPY;
            case "native" -> AfXdpPortConfig.Mode.MODE_NATIVE;
            case "generic" -> AfXdpPortConfig.Mode.MODE_GENERIC;
            default ->
                throw new UsageException(
                        "unknown mode '" + mode + "'; give best-effort, native-with-zerocopy, native or generic");
        };
    }

    private VhostUserPortConfig.Role role() {
        return switch (role) {
            case null -> VhostUserPortConfig.Role.ROLE_CLIENT;
            case "client" -> VhostUserPortConfig.Role.ROLE_CLIENT;
            case "server" -> VhostUserPortConfig.Role.ROLE_SERVER;
            default -> throw new UsageException("unknown role '" + role + "'; give client or server");
        };
    }

    private VhostUserPortConfig.Implementation implementation() {
        return switch (implementation) {
            case null -> VhostUserPortConfig.Implementation.IMPLEMENTATION_UNSPECIFIED;
            case "library" -> VhostUserPortConfig.Implementation.IMPLEMENTATION_LIBRARY;
            case "own" -> VhostUserPortConfig.Implementation.IMPLEMENTATION_OWN;
            default -> throw new UsageException("unknown implementation '" + implementation + "'; give library or own");
        };
    }

    private <T> T needed(String option, T value) {
        if (value == null) {
            throw new UsageException("a port of the type " + type + " needs " + option);
        }
        return value;
    }

    private void refuseOthers(List<String> own) {
        refuse(own, "--interface", interfaceName);
        refuse(own, "--queue", queue);
        refuse(own, "--queues", queues);
        refuse(own, "--mode", mode);
        refuse(own, "--take", take);
        refuse(own, "--path", path);
        refuse(own, "--role", role);
        refuse(own, "--implementation", implementation);
        refuse(own, "--devargs", devargs);
        refuse(own, "--descriptors", descriptors);
        refuse(own, "--mtu", mtu);
        refuse(own, "--mac", mac);
    }

    private void refuse(List<String> own, String option, Object value) {
        if (value != null && !own.contains(option)) {
            throw new UsageException("a port of the type " + type + " has no " + option);
        }
    }
}
