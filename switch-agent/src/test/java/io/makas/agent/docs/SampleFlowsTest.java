// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.table.FlowMod;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The flow files that people start from do what their comments say. */
class SampleFlowsTest {

    private static final int MAX_FLOWS = 1_000;

    static Stream<String> files() throws IOException {
        try (Stream<Path> list = Files.list(Repository.root().resolve("deploy/flows"))) {
            return list.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldBeReadableAndExplained(String file) throws Exception {
        String text = Repository.read("deploy/flows/" + file);

        assertFalse(flows(file).isEmpty());
        assertEquals(
                "# SPDX-License-Identifier: Apache-2.0",
                text.lines().findFirst().orElse(""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            in_port=1,ip,nw_src=10.0.0.1,nw_dst=10.0.0.2 | 2
            in_port=2,ip,nw_src=10.0.0.2,nw_dst=10.0.0.1 | 1
            in_port=1,arp,arp_op=1                       | 2,3
            in_port=3,ip                                 | drop(table-miss)
            in_port=1,ipv6                               | drop(table-miss)
            """)
    void pairShouldJoinTwoPorts(String packet, String expected) throws Exception {
        assertEquals(expected, answer("pair.flows", packet));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            in_port=1,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02 | 2
            in_port=3,dl_src=02:00:00:00:00:03,dl_dst=02:00:00:00:00:01 | 1
            in_port=2,dl_src=02:00:00:00:00:02,dl_dst=ff:ff:ff:ff:ff:ff | 1,3
            in_port=2,dl_src=02:00:00:00:00:02,dl_dst=33:33:00:00:00:01 | 1,3
            in_port=2,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:03 | drop(flow-drop)
            in_port=1,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:09 | drop(flow-drop)
            """)
    void l2ShouldForwardByAddressAndStopForgedOnes(String packet, String expected) throws Exception {
        assertEquals(expected, answer("l2.flows", packet));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            in_port=3,tcp,nw_src=10.1.0.3,nw_dst=10.1.0.1,tp_dst=80                | 1
            in_port=3,tcp,nw_src=10.1.0.3,nw_dst=10.1.0.1,tp_dst=443               | 1
            in_port=3,tcp,nw_src=10.1.0.3,nw_dst=10.1.0.1,tp_dst=22                | drop(flow-drop)
            in_port=2,tcp,nw_src=10.1.0.2,nw_dst=10.1.0.1,tp_dst=22                | 1
            in_port=3,tcp,nw_src=10.1.0.2,nw_dst=10.1.0.1,tp_dst=22                | drop(flow-drop)
            in_port=1,tcp,nw_src=10.1.0.1,nw_dst=10.1.0.3,tp_src=80,tcp_flags=0x12 | 3
            in_port=1,tcp,nw_src=10.1.0.1,nw_dst=10.1.0.3,tp_dst=80,tcp_flags=0x02 | drop(flow-drop)
            in_port=3,icmp,nw_src=10.1.0.3,nw_dst=10.1.0.2                         | 2
            in_port=3,icmp,nw_src=10.1.0.3,nw_dst=192.0.2.1                        | drop(flow-drop)
            in_port=3,udp,nw_src=10.1.0.3,nw_dst=10.1.0.1,tp_dst=53                | drop(flow-drop)
            in_port=3,arp,arp_op=1                                                 | 1,2
            """)
    void aclShouldLetPassWhatItsCommentsSay(String packet, String expected) throws Exception {
        assertEquals(expected, answer("acl.flows", packet));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            in_port=1,tcp,nw_dst=10.0.0.2,tp_dst=80,nw_ttl=64  | dec_ttl,set(tcp(dst=8080)),2
            in_port=1,tcp,nw_dst=10.0.0.2,tp_dst=443,nw_ttl=64 | dec_ttl,2
            in_port=1,tcp,nw_dst=10.0.0.2,tp_dst=22,nw_ttl=64  | dec_ttl,controller(max_len=64,context=0)
            in_port=1,tcp,nw_dst=10.0.1.2,tp_dst=80,nw_ttl=64  | drop(table-miss)
            in_port=2,arp,arp_op=1                             | 1
            """)
    void webShouldLetTheWebInAndTellOfTheRest(String packet, String expected) throws Exception {
        assertEquals(expected, answer("web.flows", packet));
    }

    @Test
    void everyFileShouldHaveATest() throws IOException {
        assertEquals(List.of("acl.flows", "l2.flows", "pair.flows", "web.flows"), files().toList());
    }

    /** What a switch with three ports and the file's flows would do with a packet. */
    private static String answer(String file, String packet) throws Exception {
        Pipeline pipeline = new Pipeline(() -> 0, MAX_FLOWS);
        pipeline.setPorts(List.of(new PortState(1), new PortState(2), new PortState(3)));
        pipeline.apply(flows(file));

        Translation translation = pipeline.translate(FlowText.parseKey(packet));
        return translation.program().toString();
    }

    private static List<FlowMod> flows(String file) throws Exception {
        try {
            return FlowText.parseFile(Repository.read("deploy/flows/" + file));
        } catch (FlowTextException e) {
            throw new AssertionError(file + ", " + e.locatedMessage(), e);
        }
    }
}
