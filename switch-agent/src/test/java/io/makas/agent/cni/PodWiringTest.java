// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.makas.cni.Attachment;
import io.makas.cni.CniError;
import io.makas.cni.CniRequest;
import io.makas.cni.CniResult;
import io.makas.cni.CniVersion;
import io.makas.cni.IpamDelegate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodWiringTest {

    private static final Path SOCKET = Path.of("/run/makas/cni.sock");
    private static final String HOST =
            PodNames.of(new Attachment("c0ffee", "eth0")).hostName();

    @TempDir
    Path folder;

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final FakePodLinks links = new FakePodLinks(log);
    private final FakePorts ports = new FakePorts(log);
    private final PodWiring wiring = new PodWiring(links, ports, new IpamDelegate(), SOCKET);

    @BeforeEach
    void installIpam() throws IOException {
        ipam("""
                [ $CNI_COMMAND != ADD ] || echo '{"ips": [{"address": "10.1.0.5/24", "gateway": "10.1.0.1"}],
                  "routes": [{"dst": "0.0.0.0/0"}], "dns": {"nameservers": ["10.1.0.1"]}}'""");
    }

    @Test
    void shouldWireAPodAndDescribeIt() throws CniError {
        CniResult result = wiring.add(request("ADD", "\"mtu\": 1400"));

        assertEquals(
                """
                {"cniVersion":"1.1.0","interfaces":[\
                {"name":"%s","mac":"fe:00:00:00:00:01","mtu":1400},\
                {"name":"eth0","mac":"%s","mtu":1400,"sandbox":"/run/netns/blue"}],\
                "ips":[{"interface":1,"address":"10.1.0.5/24","gateway":"10.1.0.1"}],\
                "routes":[{"dst":"0.0.0.0/0"}],"dns":{"nameservers":["10.1.0.1"]}}\
                """.formatted(
                        HOST, PodNames.of(new Attachment("c0ffee", "eth0")).podMac()),
                result.toJson(CniVersion.V1_1_0).toString());
        assertEquals(Set.of(HOST), ports.numbers.keySet());
        assertEquals(
                "makas:/run/makas/cni.sock pods c0ffee/eth0 port 1",
                links.pairs.get(HOST).note());
        assertEquals(
                "10.1.0.5/24", links.addresses.get(HOST).getFirst().address().toString());
    }

    @Test
    void shouldTakeAddressAndDnsThatTheRuntimeWants() throws CniError {
        CniResult result = wiring.add(request("ADD", """
                "runtimeConfig": {"mac": "02:00:00:00:00:77"}, "dns": {"nameservers": ["9.9.9.9"]}"""));

        assertEquals("02:00:00:00:00:77", links.pairs.get(HOST).podMac().toString());
        assertEquals("02:00:00:00:00:77", result.interfaces().get(1).mac());
        assertEquals(List.of("9.9.9.9"), result.dns().nameservers());
    }

    @Test
    void shouldAddToThePreviousResult() throws CniError {
        CniResult result = wiring.add(request("ADD", """
                "prevResult": {"interfaces": [{"name": "other"}], "ips": [{"address": "10.9.0.1/24", "interface": 0}]}"""));

        assertEquals(
                List.of("other", HOST, "eth0"),
                result.interfaces().stream().map(CniResult.Interface::name).toList());
        assertEquals(
                List.of(0, 2),
                result.ips().stream().map(CniResult.Ip::interfaceIndex).toList());
    }

    @Test
    void shouldWireWithoutAddressesWhereNoIpamIsConfigured() throws CniError {
        CniResult result = wiring.add(request("ADD", "\"ipam\": {}"));

        assertEquals(List.of(), result.ips());
        assertEquals(List.of(), ipamCalls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "ipam", "port", "configure"})
    void shouldUndoEverythingWhateverFails(String step) throws Exception {
        links.failAt = step;
        ports.fail = step.equals("port");
        if (step.equals("ipam")) {
            ipam("[ $CNI_COMMAND = DEL ] || exit 1");
        }

        assertThrows(CniError.class, () -> wiring.add(request("ADD", "")));

        assertEquals(Map.of(), links.pairs);
        assertEquals(Map.of(), ports.numbers);
        assertEquals(step.equals("create") ? List.of() : List.of("ADD", "DEL"), ipamCalls());
    }

    @Test
    void shouldUndoInReverse() {
        links.failAt = "configure";

        assertThrows(CniError.class, () -> wiring.add(request("ADD", "")));

        assertEquals(List.of("create", "port", "note", "configure", "unport", "remove"), log);
    }

    @Test
    void shouldGoOnUndoingWhenAStepOfItFails() throws Exception {
        ports.fail = true;
        ipam("[ $CNI_COMMAND = ADD ] && echo '{\"ips\": [{\"address\": \"10.1.0.5/24\"}]}' || exit 1");

        CniError error = assertThrows(CniError.class, () -> wiring.add(request("ADD", "")));

        assertEquals(CniError.PORT_FAILED, error.code());
        assertEquals(1, error.getSuppressed().length);
        assertEquals(Map.of(), links.pairs);
    }

    @Test
    void shouldRefuseASecondAddAndLeaveTheFirstAlone() throws Exception {
        wiring.add(request("ADD", ""));

        CniError error = assertThrows(CniError.class, () -> wiring.add(request("ADD", "")));

        assertEquals(CniError.ALREADY_EXISTS, error.code());
        assertEquals(Set.of(HOST), links.pairs.keySet());
        assertEquals(Set.of(HOST), ports.numbers.keySet());
        assertEquals(List.of("ADD"), ipamCalls(), "its address is not released");
    }

    @Test
    void shouldRefuseRoutesThatItCannotSet() throws Exception {
        ipam("""
                [ $CNI_COMMAND != ADD ] || echo '{"ips": [{"address": "10.1.0.5/24"}], "routes": [{"dst": "0.0.0.0/0", "table": 7}]}'""");

        CniError error = assertThrows(CniError.class, () -> wiring.add(request("ADD", "")));

        assertEquals("route 0.0.0.0/0 asks for \"table\": 7, which is not supported", error.getMessage());
        assertEquals(Map.of(), links.pairs);
    }

    @Test
    void shouldDetachAsOftenAsAskedAndWithoutNamespace() throws Exception {
        wiring.add(request("ADD", ""));

        wiring.del(request("DEL", ""));
        wiring.del(request("DEL", "", "CNI_NETNS"));

        assertEquals(Map.of(), links.pairs);
        assertEquals(Map.of(), ports.numbers);
        assertEquals(List.of("ADD", "DEL", "DEL"), ipamCalls());
    }

    @Test
    void shouldCutAPodOffBeforeItsAddressIsReleased() throws Exception {
        wiring.del(request("DEL", ""));

        assertEquals("disconnect", log.getFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"disconnect", "remove"})
    void shouldReleaseTheAddressEvenIfTheInterfaceCannotBeRemoved(String step) throws Exception {
        links.failAt = step;

        CniError error = assertThrows(CniError.class, () -> wiring.del(request("DEL", "")));

        assertEquals(CniError.INTERFACE_FAILED, error.code());
        assertEquals(List.of("DEL"), ipamCalls());
    }

    @Test
    void shouldCheckAgainstThePreviousResult() throws Exception {
        CniResult result = wiring.add(request("ADD", "\"ipam\": {}"));
        String previous = "\"ipam\": {}, \"prevResult\": " + result.toJson(CniVersion.V1_1_0);
        wiring.check(request("CHECK", previous));
        ports.numbers.clear();

        CniError error = assertThrows(CniError.class, () -> wiring.check(request("CHECK", previous)));

        assertEquals(CniError.CHECK_FAILED, error.code());
        assertEquals("the switch has no port " + HOST, error.getMessage());
    }

    @Test
    void shouldNotCheckWithoutAPreviousResult() {
        CniError error = assertThrows(CniError.class, () -> wiring.check(request("CHECK", "")));

        assertEquals(CniError.INVALID_CONFIG, error.code());
    }

    @Test
    void shouldPassTheIpamPluginsStatusOn() throws Exception {
        wiring.status(request("STATUS", ""));
        ipam("echo '{\"code\": 7, \"msg\": \"pool is gone\"}'; exit 1");

        CniError error = assertThrows(CniError.class, () -> wiring.status(request("STATUS", "")));

        assertEquals(CniError.NOT_AVAILABLE, error.code());
        assertEquals("IPAM plugin 'ipam': pool is gone", error.getMessage());
    }

    @Test
    void shouldCollectOrphansOfItsNetworkOnly() throws Exception {
        wiring.add(request("ADD", ""));
        wiring.add(request("ADD", "", "CNI_CONTAINERID=orphan"));
        wiring.add(request("ADD", "\"name\": \"other\"", "CNI_CONTAINERID=elsewhere"));
        new PodWiring(links, ports, new IpamDelegate(), Path.of("/run/second.sock"))
                .add(request("ADD", "", "CNI_CONTAINERID=of-another-agent"));

        wiring.gc(
                request("GC", "\"cni.dev/valid-attachments\": [{\"containerID\": \"c0ffee\", \"ifname\": \"eth0\"}]"));

        Set<String> left = Set.of(
                HOST,
                PodNames.of(new Attachment("elsewhere", "eth0")).hostName(),
                PodNames.of(new Attachment("of-another-agent", "eth0")).hostName());
        assertEquals(left, links.pairs.keySet());
        assertEquals(left, ports.numbers.keySet());
        assertTrue(ipamCalls().contains("GC"));
    }

    @Test
    void shouldReportWhatItCouldNotCollect() throws Exception {
        wiring.add(request("ADD", ""));
        links.failAt = "remove";
        ipam("exit 1");

        CniError error =
                assertThrows(CniError.class, () -> wiring.gc(request("GC", "\"cni.dev/valid-attachments\": null")));

        assertEquals(CniError.GC_INCOMPLETE, error.code());
        assertTrue(error.getMessage().contains("remove was told to fail"), error.getMessage());
        assertTrue(error.getMessage().contains("IPAM plugin 'ipam'"), error.getMessage());
    }

    @Test
    void shouldAdoptThePodsOfAnEarlierAgent() throws Exception {
        wiring.add(request("ADD", ""));
        ports.numbers.clear();

        wiring.adopt();

        assertEquals(Set.of(HOST), ports.numbers.keySet());
    }

    @Test
    void shouldGiveAnAdoptedPodTheNumberThatFlowsKnowItBy() throws Exception {
        ports.numbers.put("another", 1);
        wiring.add(request("ADD", ""));
        assertEquals(2, ports.numbers.get(HOST));
        ports.numbers.clear();

        wiring.adopt();

        assertEquals(2, ports.numbers.get(HOST));
    }

    @Test
    void shouldReadTheNumberOfANoteHoweverLongItIs() throws Exception {
        String note = PodNote.of(Path.of("/" + "x".repeat(300)), request("ADD", ""));

        assertEquals(1_023, PodNote.number(PodNote.numbered(note, 1_023)));
        assertTrue(PodNote.numbered(note, 999_999_999).length() <= 255);
        assertEquals(SwitchPorts.LOWEST_FREE, PodNote.number(note));
    }

    private CniRequest request(String command, String members, String... changes) throws CniError {
        JsonObject config = JsonParser.parseString("""
                {"cniVersion": "1.1.0", "name": "pods", "ipam": {"type": "ipam"}}""").getAsJsonObject();
        JsonObject own = JsonParser.parseString("{" + members + "}").getAsJsonObject();
        own.entrySet().forEach(each -> config.add(each.getKey(), each.getValue()));
        Map<String, String> environment = new HashMap<>(Map.of(
                "CNI_COMMAND", command,
                "CNI_CONTAINERID", "c0ffee",
                "CNI_NETNS", "/run/netns/blue",
                "CNI_IFNAME", "eth0",
                "CNI_PATH", folder.toString(),
                "PATH", "/bin:/usr/bin"));
        for (String change : changes) {
            int equals = change.indexOf('=');
            environment.put(equals < 0 ? change : change.substring(0, equals), change.substring(equals + 1));
            if (equals < 0) {
                environment.remove(change);
            }
        }
        return CniRequest.parse(environment, config.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void ipam(String lines) throws IOException {
        Path file = folder.resolve("ipam");
        Files.writeString(file, """
                #!/bin/sh
                [ $CNI_COMMAND = VERSION ] && echo '{"supportedVersions": ["1.1.0"]}' && exit
                echo $CNI_COMMAND >> $(dirname $0)/calls
                """ + lines + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> ipamCalls() {
        try {
            Path calls = folder.resolve("calls");
            return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
