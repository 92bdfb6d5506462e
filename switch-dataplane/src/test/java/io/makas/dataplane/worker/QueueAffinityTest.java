// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class QueueAffinityTest {

    @Test
    void shouldReadQueuesAndCores() {
        assertEquals(Map.of(0, 3, 1, 7), QueueAffinity.parse("0:3,1:7").cores());
        assertEquals(QueueAffinity.NONE, QueueAffinity.parse(""));
        assertEquals("0:3,1:7", QueueAffinity.parse("1:7, 0:3").toString());
    }

    @Test
    void shouldRefuseWhatIsSomethingElseAndShowIt() {
        for (String wrong :
                List.of("0", "0:", ":1", "a:1", "0:1,", "0:1:2", "-1:0", "0:-1", "99999:0", "0:1,0:2", ",")) {
            String message = assertThrows(IllegalArgumentException.class, () -> QueueAffinity.parse(wrong), wrong)
                    .getMessage();
            assertTrue(message.startsWith("queue affinity"), message);
        }
    }

    @Test
    void shouldRefuseCoresThatMakeNoSense() {
        for (List<Integer> cores :
                List.of(List.<Integer>of(), List.of(1, 1), List.of(-2), List.of(1, WorkerThread.ANY_CORE))) {
            assertThrows(IllegalArgumentException.class, () -> WorkersConfig.onCores(cores, IdlePolicy.DEFAULT));
        }
        assertThrows(IllegalArgumentException.class, () -> WorkersConfig.unpinned(65, IdlePolicy.DEFAULT));
        assertEquals(2, WorkersConfig.unpinned(2, IdlePolicy.DEFAULT).cores().size());
    }
}
