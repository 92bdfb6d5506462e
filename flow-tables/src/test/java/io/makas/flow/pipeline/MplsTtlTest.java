// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.flow.action.PacketInContext;
import io.makas.flow.action.PacketInReason;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of a TTL a walk depends on that pushes MPLS labels. */
final class MplsTtlTest extends PipelineFixture {

    private static final String LABELLED = "in_port=1,dl_type=0x8847,mpls_label=5,mpls_bos=1,mpls_ttl=";

    @Test
    void shouldDependOnTheTtlThatAPushedLabelTakesOverWhenItIsDecremented() {
        edit("mpls,actions=push_mpls:0x8847,dec_mpls_ttl,output:2");

        assertEquals("mpls,in_port=1,mpls_label=5,mpls_tc=0,mpls_ttl=0x40/0xc0,mpls_bos=1", megaflow(LABELLED + 64));
        assertEquals(List.of(PacketInReason.INVALID_TTL), reasons(LABELLED + 1));
    }

    @Test
    void shouldDependOnTheTtlThatAPushedLabelTakesOverWhenItIsMatched() {
        edit("mpls,actions=push_mpls:0x8847,resubmit(,1)", "table=1,mpls,mpls_ttl=64,actions=output:2");

        assertEquals("mpls,in_port=1,mpls_label=5,mpls_tc=0,mpls_ttl=64,mpls_bos=1", megaflow(LABELLED + 64));
    }

    private List<PacketInReason> reasons(String packet) {
        return Arrays.stream(pipeline.translate(key(packet)).operands().packetIns())
                .map(PacketInContext::reason)
                .toList();
    }
}
