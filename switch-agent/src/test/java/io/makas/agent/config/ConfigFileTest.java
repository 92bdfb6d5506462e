// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.agent.config.SwitchConfig.CniMode;
import io.makas.agent.config.SwitchConfig.DpdkMode;
import io.makas.agent.config.SwitchConfig.Idle;
import io.makas.agent.config.SwitchConfig.PortSpec;
import io.makas.dataplane.port.AfXdpMode;
import io.makas.dataplane.port.AfXdpTraffic;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.port.PortConfig.VhostImplementation;
import io.makas.dataplane.port.PortConfig.VhostRole;
import io.makas.dataplane.worker.AssignmentPolicy;
import io.makas.dataplane.worker.AutoRebalance;
import io.makas.dataplane.worker.IdlePolicy;
import io.makas.flow.packet.MacAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {

    @Test
    void shouldHaveTheDefaultsThatTheCommentedFileShows() {
        SwitchConfig documented = ConfigFile.parse("default.yaml", ConfigFile.documentation());

        assertEquals(SwitchConfig.defaults(), documented);
    }

    @Test
    void shouldTakeAnEmptyFileForTheDefaults() {
        assertEquals(SwitchConfig.defaults(), ConfigFile.parse("empty.yaml", ""));
        assertEquals(SwitchConfig.defaults(), ConfigFile.parse("empty.yaml", "# nothing\ngrpc:\n"));
    }

    @Test
    void shouldReadEveryKeyOfTheWorkers() {
        SwitchConfig config = ConfigFile.parse("workers.yaml", """
                workers:
                  cores: [1, 3]
                  count: 2
                  idle: power
                  spin-us: 7
                  longest-sleep-us: 8
                  assignment: group
                  isolation: false
                  rebalance: {enabled: true, load-threshold: 80, improvement-threshold: 10, interval-s: 5}
                """);

        assertEquals(
                new SwitchConfig.Workers(
                        List.of(1, 3),
                        2,
                        Idle.POWER,
                        Optional.of(7),
                        Optional.of(8),
                        AssignmentPolicy.GROUP,
                        false,
                        new AutoRebalance(true, 80, 10, 5_000)),
                config.workers());
        assertEquals(
                new IdlePolicy(7_000, 500_000, 8_000),
                config.workers().forDatapath().idle());
    }

    @Test
    void shouldReadEveryKey() {
        String yaml = """
                grpc: {socket: /run/a.sock, mode: 0600, group: makas}
                cni: {socket: /run/b.sock}
                dpdk: {mode: required, hugepages: false, memory-mb: 64, mbufs: 2048, eal-options: ["--no-pci", "-n4"]}
                flow-file: /etc/makas/flows.txt
                ports:
                  - {name: web, type: afxdp, interface: veth0, queue: 1, number: 7}
                  - {name: up, type: afxdp, interface: eth0, queues: 2, mode: native, take: ["dl_vlan=7", "udp_dst=4789"]}
                  - {name: vm, type: vhost-user, socket: /run/vm.sock, role: server}
                  - {name: fast, type: vhost-user, socket: /run/v.sock, implementation: own, queues: 4}
                  - {name: nic, type: dpdk, devargs: "0000:00:04.0"}
                  - {name: jumbo, type: dpdk, devargs: "0000:00:05.0", queues: 4, descriptors: 1024, mtu: 9000,
                     mac: "02:00:00:00:00:05"}
                  - {name: m, type: memory}
                limits: {flows: 8, highest-port-number: 9, megaflows: 10, exact-match-entries: 16, bundle-edits: 11,
                         message-bytes: 65536, calls-per-connection: 12}
                log: {level: debug, format: json}
                """;

        SwitchConfig config = ConfigFile.parse("all.yaml", yaml);

        assertEquals(new SwitchConfig.Grpc(Path.of("/run/a.sock"), 0600, Optional.of("makas")), config.grpc());
        assertEquals(new SwitchConfig.Cni(CniMode.SOCKET, Optional.of(Path.of("/run/b.sock"))), config.cni());
        assertEquals(
                new SwitchConfig.Dpdk(DpdkMode.REQUIRED, false, 64, 2048, List.of("--no-pci", "-n4")), config.dpdk());
        assertEquals(Optional.of(Path.of("/etc/makas/flows.txt")), config.flowFile());
        assertEquals(
                List.of(
                        new PortSpec(7, new PortConfig.AfXdp("web", "veth0", 1)),
                        new PortSpec(
                                0,
                                new PortConfig.AfXdp(
                                        "up",
                                        "eth0",
                                        0,
                                        2,
                                        AfXdpMode.NATIVE,
                                        List.of(AfXdpTraffic.parse("dl_vlan=7"), AfXdpTraffic.parse("udp_dst=4789")))),
                        new PortSpec(0, new PortConfig.VhostUser("vm", Path.of("/run/vm.sock"), VhostRole.SERVER)),
                        new PortSpec(
                                0,
                                new PortConfig.VhostUser(
                                        "fast", Path.of("/run/v.sock"), VhostRole.CLIENT, VhostImplementation.OWN, 4)),
                        new PortSpec(0, new PortConfig.Dpdk("nic", "0000:00:04.0")),
                        new PortSpec(
                                0,
                                new PortConfig.Dpdk(
                                        "jumbo",
                                        "0000:00:05.0",
                                        4,
                                        1_024,
                                        9_000,
                                        Optional.of(MacAddress.of("02:00:00:00:00:05")))),
                        new PortSpec(0, new PortConfig.Memory("m"))),
                config.ports());
        assertEquals(new SwitchConfig.Limits(8, 9, 10, 16, 11, 65_536, 12), config.limits());
        assertEquals(new SwitchConfig.Log(SwitchConfig.Log.Level.DEBUG, SwitchConfig.Log.Format.JSON), config.log());
    }

    @Test
    void shouldServeContainersByDefaultOnlyBesideTheDefaultSocket() {
        assertEquals(
                Optional.of(SwitchConfig.DEFAULT_CNI_SOCKET),
                SwitchConfig.defaults().cniSocket());
        assertEquals(
                Optional.empty(),
                ConfigFile.parse("c.yaml", "grpc: {socket: /tmp/a.sock}").cniSocket());
        assertEquals(
                Optional.empty(),
                ConfigFile.parse("c.yaml", "cni: {socket: \"off\"}").cniSocket());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            grpc: {sockets: /run/a.sock}           | unknown key 'grpc.sockets'; did you mean 'socket'?
            worker: {cores: [1]}                   | unknown key 'worker'; did you mean 'workers'?
            ports: [{name: a, type: memory, q: 1}] | unknown key 'ports[0].q'
            grpc: {socket: 7}                      | 'grpc.socket': expected a text, but found the number '7'
            grpc: {socket: run/a.sock}             | must be an absolute path of at most 106 bytes
            grpc: {socket: "/run/a\\0b"}            | 'grpc.socket': '/run/a\\0b' cannot be a path here
            flow-file: "a\\0b"                      | 'flow-file': 'a\\0b' cannot be a path here
            grpc: {mode: rw}                       | 'grpc.mode': expected permissions in octal like 0660, but found 'rw'
            grpc: [a]                              | 'grpc': expected keys and values, but found a list
            workers: {cores: one}                  | 'workers.cores': expected a list like [a, b], but found the text 'one'
            workers: {cores: [a]}                  | expected a whole number from 0 to 1023, but found the text 'a'
            workers: {cores: [1, 1]}               | 'workers.cores': worker cores [1, 1] name processor 1 twice
            workers: {count: 65}                   | 'workers.count': 65 is not from 1 to 64
            workers: {assignment: best}            | 'workers.assignment': expected round-robin, cycles or group, but found the text 'best'
            workers: {rebalance: {interval-s: 0}}  | 'workers.rebalance.interval-s': 0 is not from 1 to 86400
            ports: [{name: a, type: memory, queue-affinity: '0'}] | queue affinity '0' is not queue:core
            workers: {spin-us: 1.5}                | expected a whole number from 0 to 10000000, but found the fraction '1.5'
            workers: {spin-us: -1}                 | 'workers.spin-us': -1 is not from 0 to 10000000
            workers: {spin-us: 99999999999}        | 'workers.spin-us': 99999999999 is not from 0 to 10000000
            workers: {idle: lazy}                  | 'workers.idle': expected latency, balanced or power, but found the text 'lazy'
            dpdk: {mode: true}                     | 'dpdk.mode': expected off, auto or required, but found the truth value 'true'
            dpdk: {hugepages: 3}                   | 'dpdk.hugepages': expected true or false, but found the number '3'
            dpdk: {eal-options: [[a]]}             | 'dpdk.eal-options': expected a list of texts, but found a list in it
            limits: {exact-match-entries: 3}       | 'limits.exact-match-entries': 3 is not a power of two
            ports: {name: a}                       | 'ports': expected a list like [a, b], but found keys and values
            ports: [{type: memory}]                | 'ports[0].name': every port needs a name
            ports: [{name: a}]                     | 'ports[0].type': every port needs a type: one of afxdp, vhost-user, dpdk, memory
            ports: [{name: a, type: afxd}]         | unknown port type 'afxd'; did you mean 'afxdp'?
            ports: [{name: a, type: afxdp}]        | 'ports[0].interface': a port of the type afxdp needs 'interface'
            ports: [{name: a b, type: memory}]     | port name 'a b' must be 1 to 63 of letters, digits
            ports: [{name: a, type: memory}, {name: a, type: memory}]                       | 'ports[1].name': 'a' is taken by a port above
            ports: [{name: a, type: memory, number: 1}, {name: b, type: memory, number: 1}] | 'ports[1].number': 1 is taken by a port above
            {a: 1                                  | this is not YAML
            [a]                                    | expected keys and values, but found a list
            """)
    void shouldRefuseAWrongFileByLineAndName(String yaml, String expected) {
        var refused = assertThrows(ConfigException.class, () -> ConfigFile.parse("makas.yaml", "\n" + yaml));

        assertTrue(refused.getMessage().startsWith("makas.yaml:2: "), refused.getMessage());
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    }

    @Test
    void shouldRefuseADuplicateKey() {
        var refused = assertThrows(
                ConfigException.class, () -> ConfigFile.parse("makas.yaml", "log:\n  level: info\nlog:\n"));

        assertTrue(refused.getMessage().contains("makas.yaml:3: the key 'log' is there twice"), refused.getMessage());
    }

    @Test
    void shouldSayWhereToStartWhenThereIsNoFile(@TempDir Path folder) {
        var refused = assertThrows(ConfigException.class, () -> ConfigFile.read(folder.resolve("none.yaml")));

        assertTrue(refused.getMessage().contains("makas switch --print-config"), refused.getMessage());
    }

    @Test
    void shouldRefuseAFileThatIsNotText(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("bad.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});

        var refused = assertThrows(ConfigException.class, () -> ConfigFile.read(file));

        assertTrue(refused.getMessage().contains("is not UTF-8 text"), refused.getMessage());
    }

    @Test
    void shouldReadAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("makas.yaml"), "log: {level: warn}", StandardCharsets.UTF_8);

        assertEquals(SwitchConfig.Log.Level.WARN, ConfigFile.read(file).log().level());
    }
}
