// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code NORMAL}: what a learning switch does. */
final class LearningTest extends PipelineFixture {

    private static final String A = "02:00:00:00:00:0a";
    private static final String B = "02:00:00:00:00:0b";

    @BeforeEach
    void setUp() {
        edit("priority=0,actions=NORMAL");
    }

    @Test
    void shouldForwardToLearnedPortAfterFirstFrame() {
        assertEquals("output:2,output:3,output:4", send(frame(1, A, B)));

        assertEquals("output:1", send(frame(2, B, A)));
        assertEquals("output:2", send(frame(1, A, B)));
    }

    @Test
    void shouldFloodToGroupsAndNeverLearnThem() {
        send(frame(1, A, B));

        assertEquals("output:1,output:2,output:4", send(frame(3, B, "ff:ff:ff:ff:ff:ff")));
        send(frame(2, "01:00:5e:00:00:01", A));
        assertEquals("output:2,output:3,output:4", send(frame(1, A, "01:00:5e:00:00:01")));
    }

    @Test
    void shouldNotForwardLinkLocalGroups() {
        assertEquals("flow-drop", send(frame(1, A, "01:80:c2:00:00:0e")));
    }

    @Test
    void shouldNotSendBackToTheSendersPort() {
        send(frame(1, A, B));

        assertEquals("output-to-input-port", send(frame(1, B, A)));
    }

    @Test
    void shouldLearnForEachVlanApart() {
        send(frame(1, A, B) + ",dl_vlan=5");

        assertEquals("output:1", send(frame(2, B, A) + ",dl_vlan=5"));
        assertEquals("output:1,output:3,output:4", send(frame(2, B, A) + ",dl_vlan=6"));
        assertEquals("output:1,output:3,output:4", send(frame(2, B, A)));
    }

    @Test
    void shouldMakeANewGenerationOnlyWhenSomethingIsLearned() {
        long generation = pipeline.generation();
        Translation first = pipeline.translate(key(frame(1, A, B)));
        long learned = pipeline.generation();

        assertEquals(generation, first.generation());
        assertNotEquals(generation, learned, "the first answer must not be cached");
        assertEquals(learned, pipeline.translate(key(frame(1, A, B))).generation());
        assertEquals(learned, pipeline.generation());
        assertEquals("in_port=1,vlan_tci=0x0000/0x1fff,dl_src=" + A + ",dl_dst=" + B, megaflow(frame(1, A, B)));
    }

    @Test
    void shouldFollowAnAddressThatMovesButNotMoreThanOnceASecond() {
        send(frame(1, A, B));
        passSeconds(1);
        send(frame(3, A, B));
        long generation = pipeline.generation();
        assertEquals("output:3", send(frame(2, B, A)));

        send(frame(4, A, B));
        assertEquals("output:3", send(frame(2, B, A)), "a second has not passed");

        passSeconds(1);
        send(frame(4, A, B));
        assertEquals("output:4", send(frame(2, B, A)));
        assertTrue(pipeline.generation() - generation < 4);
    }

    @Test
    void shouldForgetAnAddressThatIsSilentForFiveMinutes() {
        send(frame(1, A, B));
        Translation used = pipeline.translate(key(frame(1, A, B)));
        passSeconds(200);
        pipeline.credit(used, 1, 60, nowNs);

        passSeconds(200);
        pipeline.expire(nowNs);
        assertEquals("output:1", send(frame(2, B, A)), "packets of a cached flow show that it is there");

        passSeconds(100);
        pipeline.expire(nowNs);
        assertEquals("output:1,output:3,output:4", send(frame(2, B, A)));
    }

    @Test
    void shouldForgetAddressesBehindAPortThatGoes() {
        send(frame(1, A, B));

        pipeline.setPorts(List.of(new PortState(2), new PortState(3)));

        assertEquals("output:3", send(frame(2, B, A)));
    }

    @Test
    void shouldBoundWhatAGuestCanMakeItLearn() {
        long generation = pipeline.generation();
        for (int i = 0; i < 5_000; i++) {
            send(frame(1, String.format("02:00:00:00:%02x:%02x", i >> 8, i & 0xff), B));
        }
        assertTrue(pipeline.generation() - generation <= MacTable.MAX_LEARNED_A_SECOND);

        for (int second = 0; second < 12; second++) {
            passSeconds(1);
            for (int i = 0; i < MacTable.MAX_LEARNED_A_SECOND; i++) {
                send(frame(1, String.format("02:00:00:%02x:%02x:%02x", second + 1, i >> 8, i & 0xff), B));
            }
        }
        assertTrue(pipeline.generation() - generation <= MacTable.MAX_ADDRESSES + 2);
    }

    @Test
    void shouldLearnNothingFromATrace() {
        pipeline.trace(key(frame(1, A, B)));

        Trace trace = pipeline.trace(key(frame(2, B, A)));

        assertEquals("output:1,output:3,output:4", trace.actionsText());
        assertEquals(List.of("NORMAL (ports: 3)"), trace.steps().getFirst().actionLines());
    }

    private static String frame(int inPort, String sender, String receiver) {
        return "in_port=" + inPort + ",dl_src=" + sender + ",dl_dst=" + receiver;
    }
}
