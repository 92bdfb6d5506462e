// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code makas trace --offline} says of input that is wrong: where, and what was expected. */
final class OfflineRefusalTest extends OfflineFixture {

    private static final String OTHER = TO_BLUE + "88cc";

    @Test
    void shouldSayWhichEntryOfACaseIsRefusedAndGoOn() throws IOException {
        Path cases = write(
                "cases.jsonl",
                "{\"ports\":[1],\"flows\":[\"ip,actions=drop\",\"nw_dts=1,actions=drop\"],\"packets\":[]}",
                "{\"ports\":[1],\"flows\":[\"table=5,actions=goto_table:4\",\"x\"],\"packets\":[]}",
                "{\"ports\":[1],\"flows\":[],\"packets\":[]}");

        Result result = execute("trace", "--offline", "--cases", cases.toString(), "--json");

        List<String> lines = result.out().lines().toList();
        assertEquals(
                "{\"results\":[],\"counters\":[],\"error\":{\"item\":\"flows[1]\",\"message\":\"column 1: unknown field "
                        + "'nw_dts'; did you mean nw_dst?\"}}",
                lines.getFirst());
        assertTrue(lines.get(1).contains("\"error\":{\"item\":\"flows[0]\",\"message\":\"column 17: "), lines.get(1));
        assertEquals("{\"results\":[],\"counters\":[],\"error\":null}", lines.getLast());
        assertEquals(0, result.exitCode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"in_port":1,"packet":"0g"}                   | 25 | 'g' where a hex digit was expected
            {"in_port":1,"packet":"020"}                  | 27 | odd number of hex digits
            {"in_port":1,"packet":""}                     | 23 | 1 to 65535 were expected
            {"in_port":9,"packet":"02"}                   | 12 | one of the ports 1,2
            {"in_port":0,"packet":"02"}                   | 12 | a port, a whole number from 1
            {"in_port":"1","packet":"02"}                 | 12 | a port, a whole number from 1
            {"in_port":1e0,"packet":"02"}                 | 12 | a port, a whole number from 1
            {"in_port":99999999999999999999,"packet":"2"} | 12 | a port, a whole number from 1
            {"packet":"02"}                               | 1  | without "in_port"
            {"in_port":1}                                 | 1  | without "packet"
            {"in_port":1,"packet":"02","time":3}          | 28 | where "time_ms" was expected
            {"in_port":1,"packet":"02","time_ms":-1}      | 38 | a time in milliseconds
            {"in_port":1,"packet":"02","time_ms":4}       | 38 | 5 or more was expected
            {"in_port":1,"in_port":1,"packet":"02"}       | 14 | there twice
            {"in_port":1,"packet":"02"                    | 27 | the line ends where ',' or '}'
            {"in_port":1,"packet":"02                     | 26 | a closing quote
            {"in_port":1,"packet":"02"} x                 | 29 | 'x' where the end of the line
            {in_port:1}                                   | 2  | the name of a member in quotes
            {"in_port":1,"packet":"02","x":[1,{"y":tru}]} | 40 | a value was expected
            []                                            | 1  | an object like
            packet                                        | 1  | an object like
            """)
    void shouldPointAtWhatIsWrongWithAPacket(String line, int column, String words) throws IOException {
        Path packets = write("in.jsonl", packet(1, OTHER, 5), line);

        Result result = run(write("flows.txt", "actions=drop"), "1,2", packets, "--json");

        assertEquals(2, result.exitCode());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("makas: " + packets + ":2:" + column + ": "), result.err());
        assertTrue(result.err().contains(words) && result.err().contains("expected"), result.err());
        assertEquals(1, result.out().lines().count());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nw_dts=1,actions=drop              | 1
            ip,nw_dst=10.0.0.256,actions=drop  | 11
            ip                                 | 3
            ip,actions=outptu:1                | 12
            priority=65536,actions=drop        | 10
            table=1,ip,actions=goto_table:1    | 20
            ip,actions=push_vlan:0x1234        | 4
            """)
    void shouldPointAtWhatIsWrongWithAFlow(String flow, int column) throws IOException {
        Path flows = write("flows.txt", "# a comment", "", "actions=drop # all", flow);

        Result result = run(flows, "1,2", write("in.jsonl", packet(1, OTHER, 5)), "--json");

        assertEquals(2, result.exitCode());
        assertEquals("", result.out());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("makas: " + flows + ":4:" + column + ": "), result.err());
        assertTrue(result.err().contains("expected"), result.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --groups | group_id=1,type=al,bucket=output:1              | 17
            --groups | group_id=1,type=indirect                        | 1
            --groups | group_id=7,type=all,bucket=output:2             | 1
            --groups | group_id=1,type=all,bucket=group:5              | 1
            --meters | meter=2 kpps bands=type=drop rate=1             | 9
            --meters | meter=7 kbps bands=type=drop rate=1             | 1
            """)
    void shouldPointAtWhatIsWrongWithAGroupOrMeter(String option, String text, int column) throws IOException {
        String first = option.equals("--groups") ? "group_id=7,type=all" : "meter=7 pktps bands=type=drop rate=1";
        Path entries = write("entries.txt", first, "# a comment", text);

        Result result = run(
                write("flows.txt", "actions=drop"),
                "1,2",
                write("in.jsonl", packet(1, OTHER, 5)),
                "--json",
                option,
                entries.toString());

        assertEquals(2, result.exitCode());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("makas: " + entries + ":3:" + column + ": "), result.err());
        assertTrue(result.err().contains("expected"), result.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"ports":[1],"groups":["group_id=1,type=all","x"],"meters":[],"flows":[],"packets":[]}      | groups[1]
            {"ports":[1],"groups":["group_id=1,type=all,bucket=group:9"],"flows":[],"packets":[]}       | groups[0]
            {"ports":[1],"groups":["x"],"meters":["meter=1 x"],"flows":["x"],"packets":[]}              | meters[0]
            """)
    void shouldSayWhichGroupOrMeterOfACaseIsRefused(String line, String item) throws IOException {
        Path cases = write("cases.jsonl", line);

        Result result = execute("trace", "--offline", "--cases", cases.toString(), "--json");

        assertEquals(0, result.exitCode(), result.err());
        String start = "{\"results\":[],\"counters\":[],\"error\":{\"item\":\"" + item + "\",\"message\":\"";
        assertTrue(result.out().startsWith(start), result.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"flows":[],"packets":[]}                                            | 1  | without "ports"
            {"ports":[1,1],"flows":[],"packets":[]}                              | 13 | there twice
            {"ports":[0],"flows":[],"packets":[]}                                | 11 | a port
            {"ports":[1],"flows":"x","packets":[]}                               | 22 | a list of flows
            {"ports":[1],"flows":[7],"packets":[]}                               | 23 | in quotes
            {"ports":[1],"flow":[],"packets":[]}                                 | 14 | where "flows" was expected
            {"packets":[{"in_port":2,"packet":"02"}],"flows":[],"ports":[1]}     | 24 | one of the ports 1
            {"ports":[1],"flows":[],"packets":[{"in_port":1,"packet":"02"},]}    | 64 | an object like
            """)
    void shouldPointAtWhatIsWrongWithACase(String line, int column, String words) throws IOException {
        Path cases = write("cases.jsonl", "{\"name\":\"the first\",\"ports\":[1],\"flows\":[],\"packets\":[]}", line);

        Result result = execute("trace", "--offline", "--cases", cases.toString(), "--json");

        assertEquals(2, result.exitCode());
        assertTrue(result.err().startsWith("makas: " + cases + ":2:" + column + ": "), result.err());
        assertTrue(result.err().contains(words) && result.err().contains("expected"), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
        assertEquals("{\"results\":[],\"counters\":[],\"error\":null}\n", result.out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --offline                                             | --flows FILE
            --offline --flows /none --ports 1                     | --packets FILE
            --offline --flows /none --ports 1 --packets /none     | cannot read '/none'
            --offline --flows / --ports 1 --packets /none         | cannot read '/'
            --offline --flows /none --ports 0 --packets /none     | --ports: '0'
            --offline --flows /none --ports 1,,2 --packets /none  | --ports: ''
            --offline --flows /none --ports 1,1 --packets /none   | --ports: '1'
            --offline --cases /none                               | --json
            --offline --json --cases /none --ports 1              | --ports cannot be given with --cases
            --flows /none                                         | need --offline
            --offline --flows /none --ports 1 in_port=2           | input port 2
            --offline --flows /none --ports 1 2 0200              | input port 2
            --offline --flows /none --ports 1 1 020               | even number of hex digits
            --offline --flows /none --ports 1 in_prt=2            | column 1
            --offline --flows /none --ports 1 --packets - in_port=1 | not both
            --offline --json --cases /none in_port=1              | a packet cannot be given
            --offline --flows /none --flows /none --ports 1       | an option is there twice
            --offline --packet /none                              | did you mean
            --offline --json --json --cases /none                 | only once
            --offline --flows                                     | Missing required parameter
            --offline --flows /dev/null --ports 1 --packets /dev/null --dump-flows /none/x | cannot write '/none/x': there is no
            """)
    void shouldRefuseOptionsThatMakeNoSense(String options, String words) {
        Result result = execute(("trace " + options).split(" "));

        assertEquals(2, result.exitCode(), result.err());
        assertTrue(result.err().startsWith("makas: ") && result.err().contains(words), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
    }
}
