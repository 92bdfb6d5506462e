// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.agent.SwitchProcess;
import io.makas.agent.config.ConfigOptions;
import io.makas.agent.config.SwitchConfig;
import io.makas.agent.log.Log;
import io.makas.agent.log.LogWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Each command against a whole switch with memory ports {@code port1} and {@code port2}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsTest {

    private Path folder;
    private Path socket;
    private SwitchProcess running;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        socket = temporary.resolve("makas.sock");
        var options = new ConfigOptions();
        CommandLine.populateCommand(
                options, "--socket=" + socket, "--port=1=memory", "--port=2=memory", "--dpdk=off", "--log-level=error");
        SwitchConfig config = options.applyTo(SwitchConfig.defaults());
        Log.install(new LogWriter(System.err, config.log(), InstantSource.system()));
        running = SwitchProcess.start(config);
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @BeforeEach
    void deleteAllFlows() {
        run("flow", "del", "--all").ok();
    }

    @Test
    void shouldAddDumpModifyAndDeleteFlows() {
        run("flow", "add", "priority=5,in_port=1,actions=output:2", "table=1,ip,actions=drop")
                .ok();
        run("flow", "mod", "--strict", "priority=5,in_port=1,actions=output:1").ok();

        String dump = run("flow", "dump").ok();
        assertEquals(2, dump.lines().count());
        assertTrue(dump.lines().findFirst().orElseThrow().endsWith("priority=5,in_port=1 actions=output:1"), dump);
        assertEquals(1, run("flow", "dump", "table=1").ok().lines().count());

        run("flow", "del", "--strict", "table=0,priority=4,in_port=1").ok();
        assertEquals(2, run("flow", "dump").ok().lines().count());
        run("flow", "del", "in_port=1").ok();
        assertEquals(1, run("flow", "dump").ok().lines().count());
    }

    @Test
    void shouldAddDumpModifyAndDeleteGroupsAndMeters() {
        run("group", "add", "group_id=7,type=all,bucket=output:1", "group_id=8,type=select,bucket=output:2")
                .ok();
        run("meter", "add", "meter=3 kbps bands=type=drop rate=1000").ok();
        run("flow", "add", "actions=meter:3,group:7").ok();
        run("group", "mod", "insert_bucket group_id=7,command_bucket_id=last,bucket=output:2")
                .ok();

        assertEquals(
                "group_id=7,type=all,bucket=bucket_id:0,actions=output:1,bucket=bucket_id:1,actions=output:2",
                run("group", "dump").ok().lines().findFirst().orElseThrow());
        assertEquals(
                "meter=3 kbps bands=type=drop rate=1000",
                run("meter", "dump").ok().strip());
        assertTrue(run("group", "stats").ok().contains("ref_count=1,packet_count=0"));
        assertTrue(run("meter", "stats").ok().startsWith("meter:3 flow_count:1 "));

        run("meter", "del", "meter=3").ok();
        assertEquals("", run("flow", "dump").ok(), "its flow went with it");
        run("group", "del", "--all").ok();
        assertEquals("", run("group", "dump").ok());
    }

    @Test
    void shouldPointToWhatIsWrongWithGroupsAndMeters() {
        String group = run("group", "add", "group_id=1,type=most").err();
        assertTrue(group.contains("all, select, indirect or ff"), group);
        assertTrue(group.contains("\n" + " ".repeat(2 + 16) + "^"), group);

        String meter =
                run("meter", "mod", "meter=9 kbps bands=type=drop rate=1").err();
        assertTrue(meter.contains("meter 9 is not there"), meter);
    }

    @Test
    void shouldDumpFlowsAsJson() {
        run("flow", "add", "priority=5,cookie=0x1f,ip,nw_dst=10.0.0.0/8,actions=dec_ttl,output:2")
                .ok();

        String json = run("flow", "dump", "-o", "json").ok();

        assertTrue(
                json.contains(
                        "{\"table\": 0, \"priority\": 5, \"cookie\": \"0x1f\", \"match\": \"ip,nw_dst=10.0.0.0/8\", "
                                + "\"actions\": \"dec_ttl,output:2\", \"packets\": 0, \"bytes\": 0,"),
                json);
    }

    @Test
    void shouldReadFlowsFromAFile() throws Exception {
        Path file = Files.writeString(
                folder.resolve("flows.txt"),
                "# a comment\n\nin_port=1,actions=output:2 # both\nin_port=2,actions=output:1\n");

        run("flow", "add", file.toString()).ok();

        assertEquals(2, run("flow", "dump").ok().lines().count());
    }

    @Test
    void shouldTakeOtherCommandsFromALineOfAFile() throws Exception {
        Path file = Files.writeString(
                folder.resolve("commands.txt"),
                "in_port=1,actions=output:2\nin_port=2,actions=drop\ndelete in_port=2\n");
        Path wrong = Files.writeString(folder.resolve("command.txt"), "delete_strict nw_dts=1");

        run("flow", "add", file.toString()).ok();
        Result refused = run("flow", "add", wrong.toString());

        assertEquals(1, run("flow", "dump").ok().lines().count());
        assertEquals(
                List.of("  delete_strict nw_dts=1", "                ^"),
                refused.err.lines().skip(1).toList());
    }

    @Test
    void shouldPointAtTheWrongCharacter() {
        Result refused = run("flow", "add", "in_port=1,actions=outptu:2");

        assertEquals(Main.FAILED, refused.exitCode);
        assertEquals(
                List.of("  in_port=1,actions=outptu:2", "                    ^"),
                refused.err.lines().skip(1).toList());
        assertTrue(refused.err.contains("'outptu'"), refused.err);
    }

    @Test
    void shouldNameEveryWrongLineOfAFileAndChangeNothing() throws Exception {
        Path file = Files.writeString(
                folder.resolve("wrong.txt"),
                "in_port=1,actions=output:2\n\nnw_dts=1,actions=drop\npriority=x,actions=drop\n");

        Result refused = run("flow", "add", file.toString());

        assertEquals(Main.FAILED, refused.exitCode);
        assertTrue(refused.err.contains(file + ":3: "), refused.err);
        assertTrue(refused.err.contains(file + ":4: "), refused.err);
        assertTrue(refused.err.contains("nothing was changed"), refused.err);
        assertEquals("", run("flow", "dump").ok());
    }

    @Test
    void shouldAddListAndDeletePorts() {
        assertEquals(
                "7",
                run("port", "add", "extra", "--type", "memory", "--number", "7")
                        .ok()
                        .strip());

        String list = run("port", "list").ok();
        assertEquals(4, list.lines().count());
        assertTrue(list.lines().anyMatch(line -> line.matches(" *7 +extra +memory +up .*in memory")), list);
        assertTrue(run("port", "list", "-o", "json").ok().contains("\"name\": \"extra\""));

        assertTrue(run("port", "show", "extra", "-o", "json").ok().contains("\"number\": 7"));
        assertTrue(run("port", "show", "extra").ok().contains("link_up"));
        run("port", "show", "nobody").refused(Main.FAILED, "no port named 'nobody'");
        run("port", "del", "extra").ok();
        run("port", "add", "extra", "--type", "memory", "--number", "8").ok();
        run("port", "del", "8").ok();
        assertEquals(3, run("port", "list").ok().lines().count());
    }

    @Test
    void shouldPassOnWhatTheSwitchSaysOfAPort() {
        run("port", "del", "nobody").refused(Main.FAILED, "no port named 'nobody'");
        run("port", "add", "port1", "--type", "memory").refused(Main.FAILED, "'port1'");
        run("port", "add", "x", "--type", "afxdp", "--interface", "mk-none").refused(Main.FAILED, "mk-none");
        run("port", "add", "x", "--type", "vhost-user", "--path", "/run/x.sock", "--implementation", "library")
                .refused(Main.FAILED, "dpdk.mode");
        run(
                        "port",
                        "add",
                        "x",
                        "--type",
                        "vhost-user",
                        "--path",
                        "/none/x.sock",
                        "--role",
                        "server",
                        "--implementation",
                        "own")
                .refused(Main.FAILED, "see that its directory exists");
    }

    @Test
    void shouldTraceAPacketGivenByFieldsOrBytes() {
        run("flow", "add", "priority=7,in_port=1,arp,actions=output:2").ok();
        String arp = "ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002";

        String byBytes = run("trace", "1", arp).ok();
        String byFields = run("trace", "in_port=1,arp,arp_op=1").ok();
        String json = run("trace", "--json", "in_port=2,arp").ok();

        assertTrue(byBytes.contains("priority=7"), byBytes);
        assertTrue(byBytes.contains("arp_tpa=10.0.0.2"), byBytes);
        assertTrue(byBytes.contains("output:2"), byBytes);
        assertTrue(byFields.contains("output:2"), byFields);
        assertTrue(json.contains("\"drop_reason\":\"table-miss\""), json);
        assertTrue(
                json.contains("\"near_misses\":[{\"flow\":\"priority=7,arp,in_port=1\",\"cookie\":\"0x0\","
                        + "\"differences\":[{\"field\":\"in_port\",\"wanted\":\"1\",\"actual\":\"2\"}]}]"),
                json);
        assertEquals(1, json.lines().count());
        assertEquals(json, run("trace", "-o", "json", "in_port=2,arp").ok());
        run("trace", "in_port=9,arp").refused(Main.FAILED, "no port number 9");
    }

    @Test
    void shouldShowFiguresAsTextAndJson() {
        assertTrue(run("drops").ok().contains("table-miss"));
        assertTrue(run("drops", "-o", "json").ok().contains("\"table-miss\": "));
        assertTrue(run("workers").ok().contains("exact-match hits"));
        assertTrue(run("workers", "-o", "json").ok().contains("\"megaflow_hits\": "));
        assertTrue(run("stats")
                .ok()
                .contains(String.valueOf(ProcessHandle.current().pid())));
        assertTrue(run("stats", "-o", "json").ok().contains("\"ports\": 2"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            flow add                                  | give a flow like
            flow add /none/flows.txt                  | there is no file '/none/flows.txt'
            flow del                                  | say which flows to delete
            flow del --all in_port=1                  | --all deletes every flow
            flow ad in_port=1                         | ad
            flow dump -o xml                          | xml
            port add                                  | NAME
            port add x                                | --type
            port add x --type afxd                    | unknown port type 'afxd'
            port add x --type afxdp                   | needs --interface
            port add x --type memory --queue 1        | has no --queue
            port add x --type memory --take dl_vlan=1 | has no --take
            port add x --type afxdp --interface a --mode fast | unknown mode 'fast'
            port add x --type vhost-user --path /a --role both | unknown role 'both'
            port add x --type vhost-user --path /a --implementation c | unknown implementation 'c'
            port add x --type memory --queues 2 | has no --queues
            port add x --type memory --number one     | one
            trace                                     | FLOW
            trace x 00                                | 'x' is no port number
            trace 1 0                                 | even number of hex digits
            """)
    void shouldRefuseACommandThatMakesNoSense(String command, String words) {
        run(command.split(" ")).refused(Main.WRONG_USAGE, words);
    }

    @Test
    void shouldSayHowToStartASwitchWhenThereIsNone() {
        Result refused = execute("--socket=" + folder.resolve("none.sock"), "flow", "dump");

        assertEquals(Main.FAILED, refused.exitCode);
        assertTrue(refused.err.contains("cannot reach the switch at " + folder.resolve("none.sock")), refused.err);
        assertTrue(refused.err.contains("makas switch"), refused.err);
        assertEquals(1, refused.err.lines().count());
    }

    @Test
    void shouldListEveryCommandInItsHelp() {
        String help = execute("--help").ok();

        for (String command : List.of(
                "flow", "port", "trace", "stats", "drops", "workers", "switch", "demo", "bench", "build", "test")) {
            assertTrue(help.contains("  " + command + " "), command + " in " + help);
        }
    }

    private Result run(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--socket=" + socket);
        return execute(all.toArray(String[]::new));
    }

    private static Result execute(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }

    private record Result(int exitCode, String out, String err) {

        String ok() {
            assertEquals(Main.OK, exitCode, err);
            assertEquals("", err);
            return out;
        }

        void refused(int expected, String words) {
            assertEquals(expected, exitCode, err);
            assertTrue(err.startsWith("makas: ") && err.contains(words), err);
        }
    }
}
