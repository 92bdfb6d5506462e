// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.config;

import io.makas.agent.config.SwitchConfig.PortSpec;
import io.makas.dataplane.port.AfXdpMode;
import io.makas.dataplane.port.AfXdpTraffic;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.port.PortConfig.VhostImplementation;
import io.makas.dataplane.port.PortConfig.VhostRole;
import io.makas.dataplane.worker.QueueAffinity;
import io.makas.flow.packet.MacAddress;
import java.nio.file.Path;
import java.util.List;

/** Reads a port to start with: from the configuration file, or from {@code --port N=TYPE:WHERE}. */
public final class PortReader {

    private static final int HIGHEST_NUMBER = 0xfeff;
    private static final List<String> TYPES = List.of("afxdp", "vhost-user", "dpdk", "memory");

    private PortReader() {}

    /** Reads an item of {@code ports:}. */
    static PortSpec read(Section section) {
        String name = section.text("name").orElseThrow(() -> section.refuse("name", "every port needs a name"));
        String type = section.text("type")
                .orElseThrow(
                        () -> section.refuse("type", "every port needs a type: one of " + String.join(", ", TYPES)));
        int number = section.integer("number", 0, 1, HIGHEST_NUMBER);
        PortConfig config;
        QueueAffinity affinity;
        try {
            config = config(section, name, type);
            affinity = QueueAffinity.parse(section.text("queue-affinity").orElse(""));
        } catch (IllegalArgumentException e) {
            throw section.refuse("", e.getMessage());
        }
        section.end();
        return new PortSpec(number, config, affinity);
    }

    /**
     * Reads the value of {@code --port}: {@code 1=afxdp:veth0}, {@code 2=vhost-user:/run/vm.sock} (the guest listens),
     * {@code 2=vhost-user:/run/vm.sock,server}, {@code 3=dpdk:net_tap0,iface=tap0}, {@code 4=memory}. The port's name is
     * {@code port} and its number.
     */
    public static PortSpec parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || !text.substring(0, equals).matches("[0-9]{1,5}")) {
            throw new ConfigException(
                    "port '" + text + "' must be NUMBER=TYPE:WHERE, e.g. 1=afxdp:veth0 or 2=vhost-user:/run/vm.sock");
        }
        int number = Integer.parseInt(text.substring(0, equals));
        if (number < 1 || number > HIGHEST_NUMBER) {
            throw new ConfigException("port '" + text + "': number " + number + " is not from 1 to " + HIGHEST_NUMBER);
        }
        String rest = text.substring(equals + 1);
        int colon = rest.indexOf(':');
        String type = colon < 0 ? rest : rest.substring(0, colon);
        String where = colon < 0 ? "" : rest.substring(colon + 1);
        try {
            return new PortSpec(number, config("port" + number, type, where));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("port '" + text + "': " + e.getMessage());
        }
    }

    private static PortConfig config(Section section, String name, String type) {
        return switch (type) {
            case "afxdp" ->
                new PortConfig.AfXdp(
                        name,
                        required(section, "interface", type),
                        section.integer("queue", 0, 0, 4095),
                        section.integer("queues", 0, 1, PortConfig.AfXdp.MAX_QUEUES),
                        section.oneOf("mode", AfXdpMode.BEST_EFFORT),
                        section.texts("take", List.of()).stream()
                                .map(AfXdpTraffic::parse)
                                .toList());
            case "vhost-user" ->
                new PortConfig.VhostUser(
                        name,
                        Path.of(required(section, "socket", type)),
                        section.oneOf("role", VhostRole.CLIENT),
                        section.oneOf("implementation", VhostImplementation.DEFAULT),
                        section.integer("queues", 1, 1, PortConfig.VhostUser.MAX_QUEUES));
            case "dpdk" ->
                new PortConfig.Dpdk(
                        name,
                        required(section, "devargs", type),
                        section.integer("queues", 1, 1, PortConfig.Dpdk.MAX_QUEUES),
                        section.integer("descriptors", 0, 0, PortConfig.Dpdk.MAX_DESCRIPTORS),
                        section.integer("mtu", 0, 0, PortConfig.MAX_MTU_BYTES),
                        section.text("mac").map(MacAddress::of));
            case "memory" -> new PortConfig.Memory(name);
            default -> throw unknownType(type);
        };
    }

    private static PortConfig config(String name, String type, String where) {
        return switch (type) {
            case "afxdp" -> new PortConfig.AfXdp(name, where, 0);
            case "vhost-user" -> {
                boolean server = where.endsWith(",server");
                String socket = server ? where.substring(0, where.length() - ",server".length()) : where;
                yield new PortConfig.VhostUser(name, Path.of(socket), server ? VhostRole.SERVER : VhostRole.CLIENT);
            }
            case "dpdk" -> new PortConfig.Dpdk(name, where);
            case "memory" -> new PortConfig.Memory(name);
            default -> throw unknownType(type);
        };
    }

    private static String required(Section section, String key, String type) {
        return section.text(key)
                .orElseThrow(() -> section.refuse(key, "a port of the type " + type + " needs '" + key + "'"));
    }

    private static IllegalArgumentException unknownType(String type) {
        return new IllegalArgumentException("unknown port type '" + type + "'" + Suggestion.of(type, TYPES));
    }
}
