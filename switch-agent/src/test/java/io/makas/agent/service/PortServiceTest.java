// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import static io.makas.agent.RunningSwitch.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status.Code;
import io.makas.agent.RunningSwitch;
import io.makas.v1.AddPortRequest;
import io.makas.v1.AfXdpPortConfig;
import io.makas.v1.DeletePortRequest;
import io.makas.v1.DpdkPortConfig;
import io.makas.v1.GetPortRequest;
import io.makas.v1.ListPortsRequest;
import io.makas.v1.MemoryPortConfig;
import io.makas.v1.Port;
import io.makas.v1.PortConfig;
import io.makas.v1.PortServiceGrpc;
import io.makas.v1.PortServiceGrpc.PortServiceBlockingStub;
import io.makas.v1.VhostUserPortConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortServiceTest {

    private RunningSwitch running;
    private PortServiceBlockingStub ports;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        running = RunningSwitch.start(folder, "--dpdk=off");
        ports = PortServiceGrpc.newBlockingStub(running.channel());
    }

    @AfterEach
    void shouldWorkAfterwards() throws Exception {
        running.assertWorks();
        assertEquals(List.of(1, 2), list().stream().map(Port::getNumber).toList());
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void shouldAddListAndDeleteAPort() {
        Port added = add("extra", 0);

        assertEquals(3, added.getNumber());
        assertTrue(added.getLinkUp());
        assertTrue(added.getConfig().hasMemory());
        assertEquals(
                List.of("port1", "port2", "extra"),
                list().stream().map(port -> port.getConfig().getName()).toList());

        delete(DeletePortRequest.newBuilder().setName("extra"));
        add("extra", 40);
        delete(DeletePortRequest.newBuilder().setNumber(40));
    }

    @Test
    void shouldCountWhatAPortCarried() throws Exception {
        running.add("in_port=1,actions=output:2");
        long before = list().getFirst().getCounters().getRxPackets();

        running.inject();
        running.awaitFrame("port2");

        assertEquals(before + 1, list().get(0).getCounters().getRxPackets());
        assertTrue(list().get(1).getCounters().getTxBytes() >= 60);
    }

    @Test
    void shouldRefuseWhatIsTaken() {
        assertRefused(Code.ALREADY_EXISTS, "'port1'", () -> add("port1", 0));
        assertRefused(Code.ALREADY_EXISTS, "number 2 is taken by 'port2'", () -> add("other", 2));
    }

    @Test
    void shouldRefuseAPortThatDoesNotExist() {
        assertRefused(
                Code.NOT_FOUND,
                "no port named 'nobody'",
                () -> delete(DeletePortRequest.newBuilder().setName("nobody")));
        assertRefused(
                Code.NOT_FOUND,
                "no port number 77",
                () -> delete(DeletePortRequest.newBuilder().setNumber(77)));
        assertRefused(Code.INVALID_ARGUMENT, "by 'name' or 'number'", () -> delete(DeletePortRequest.newBuilder()));
    }

    @Test
    void shouldRefuseConfigurationsThatCannotBe() {
        refuse(
                "port name 'a b'",
                PortConfig.newBuilder().setName("a b").setMemory(MemoryPortConfig.getDefaultInstance()));
        refuse("no type", PortConfig.newBuilder().setName("x"));
        refuse("interface ''", PortConfig.newBuilder().setName("x").setAfxdp(AfXdpPortConfig.getDefaultInstance()));
        refuse(
                "queue -1",
                PortConfig.newBuilder()
                        .setName("x")
                        .setAfxdp(AfXdpPortConfig.newBuilder().setInterface("v").setQueue(-1)));
        refuse(
                "queues 65",
                PortConfig.newBuilder()
                        .setName("x")
                        .setAfxdp(AfXdpPortConfig.newBuilder().setInterface("v").setQueues(65)));
        refuse(
                "unknown mode 9",
                PortConfig.newBuilder()
                        .setName("x")
                        .setAfxdp(AfXdpPortConfig.newBuilder().setInterface("v").setModeValue(9)));
        refuse(
                "traffic 'dl_vlan=4096': '4096' is not a number from 0 to 4095",
                PortConfig.newBuilder()
                        .setName("x")
                        .setAfxdp(AfXdpPortConfig.newBuilder().setInterface("v").addTake("dl_vlan=4096")));
        refuse(
                "'run/a.sock'",
                PortConfig.newBuilder()
                        .setName("x")
                        .setVhostUser(VhostUserPortConfig.newBuilder().setSocket("run/a.sock")));
        refuse(
                "socket: Nul character",
                PortConfig.newBuilder()
                        .setName("x")
                        .setVhostUser(VhostUserPortConfig.newBuilder().setSocket("/a\0b")));
        refuse(
                "unknown role 9",
                PortConfig.newBuilder()
                        .setName("x")
                        .setVhostUser(
                                VhostUserPortConfig.newBuilder().setSocket("/a").setRoleValue(9)));
        refuse(
                "unknown implementation 7",
                PortConfig.newBuilder()
                        .setName("x")
                        .setVhostUser(
                                VhostUserPortConfig.newBuilder().setSocket("/a").setImplementationValue(7)));
        refuse(
                "queues 2 must be 1 to 1",
                PortConfig.newBuilder()
                        .setName("x")
                        .setVhostUser(VhostUserPortConfig.newBuilder()
                                .setSocket("/a")
                                .setImplementation(VhostUserPortConfig.Implementation.IMPLEMENTATION_LIBRARY)
                                .setQueues(2)));
        refuse("devargs is empty", PortConfig.newBuilder().setName("x").setDpdk(DpdkPortConfig.getDefaultInstance()));
        assertRefused(Code.INVALID_ARGUMENT, "port number 5000 is not from 1 to 1023", () -> add("x", 5000));
        assertRefused(Code.INVALID_ARGUMENT, "port number", () -> add("x", -1));
    }

    @Test
    void shouldSayThatAnInterfaceIsNotThere() {
        var config = PortConfig.newBuilder()
                .setName("x")
                .setAfxdp(AfXdpPortConfig.newBuilder().setInterface("mk-none"));

        assertRefused(
                Code.UNAVAILABLE,
                "mk-none",
                () -> ports.addPort(
                        AddPortRequest.newBuilder().setConfig(config).build()));
    }

    @Test
    void shouldRefuseDpdkPortsWhereDpdkIsOff() {
        var config = PortConfig.newBuilder()
                .setName("x")
                .setDpdk(DpdkPortConfig.newBuilder().setDevargs("net_null0"));

        assertRefused(
                Code.UNAVAILABLE,
                "dpdk.mode",
                () -> ports.addPort(
                        AddPortRequest.newBuilder().setConfig(config).build()));
    }

    @Test
    void shouldRefuseSettingsThatNoDpdkDeviceTakes() {
        refuse("queues -1", dpdk(DpdkPortConfig.newBuilder().setQueues(-1)));
        refuse("descriptors 3", dpdk(DpdkPortConfig.newBuilder().setDescriptors(3)));
        refuse("mtu 9001", dpdk(DpdkPortConfig.newBuilder().setMtu(9_001)));
        refuse(
                "'02:00' is no Ethernet address",
                dpdk(DpdkPortConfig.newBuilder().setMac("02:00")));
    }

    @Test
    void shouldShowOnePort() {
        add("x", 7);

        var shown = ports.getPort(GetPortRequest.newBuilder().setName("x").build());

        assertEquals(7, shown.getPort().getNumber());
        assertEquals(0, shown.getDeviceStatisticsCount());
        assertRefused(
                Code.NOT_FOUND,
                "no port named 'y'",
                () -> ports.getPort(GetPortRequest.newBuilder().setName("y").build()));
        ports.deletePort(DeletePortRequest.newBuilder().setName("x").build());
    }

    private static PortConfig.Builder dpdk(DpdkPortConfig.Builder config) {
        return PortConfig.newBuilder().setName("x").setDpdk(config.setDevargs("net_null0"));
    }

    private void refuse(String words, PortConfig.Builder config) {
        assertRefused(
                Code.INVALID_ARGUMENT,
                words,
                () -> ports.addPort(
                        AddPortRequest.newBuilder().setConfig(config).build()));
    }

    private Port add(String name, int number) {
        return ports.addPort(AddPortRequest.newBuilder()
                        .setConfig(
                                PortConfig.newBuilder().setName(name).setMemory(MemoryPortConfig.getDefaultInstance()))
                        .setNumber(number)
                        .build())
                .getPort();
    }

    private void delete(DeletePortRequest.Builder request) {
        ports.deletePort(request.build());
    }

    private List<Port> list() {
        return ports.listPorts(ListPortsRequest.getDefaultInstance()).getPortsList();
    }
}
