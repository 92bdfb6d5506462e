// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.PortConfig;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.text.FlowText;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WorkerThreadTest {

    private static final long PATIENCE_NS = 5_000_000_000L;

    @Test
    void shouldSayWhyItStoppedByItselfAndTurnCommandsAway() throws Exception {
        Pipeline pipeline = new Pipeline(System::nanoTime, 10);
        Worker worker = new Worker("failing-worker", pipeline, new WorkerLimits(64, 0x10, 3), () -> {
            throw new IllegalStateException("no clock");
        });
        MemoryPort port = new MemoryPort(new PortConfig.Memory("m1"));
        try (WorkerThread thread = WorkerThread.start(worker, WorkerThread.ANY_CORE, IdlePolicy.DEFAULT)) {
            worker.commands().call(() -> {
                worker.addPort(port, 1);
                return null;
            });
            assertNull(thread.failure());

            // A packet whose cached answer an edit has made doubtful has the worker credit that, which asks for the
            // time.
            byte[] frame = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                    .ipv4("10.0.0.1", "10.0.0.2")
                    .udp(1, 2)
                    .build();
            pipeline.apply(List.of(FlowText.parse("actions=drop")));
            port.inject(frame);
            while (worker.commands().call(() -> worker.cacheStatistics().misses()) == 0) {
                Thread.onSpinWait();
            }
            pipeline.apply(List.of(FlowText.parse("priority=40000,actions=drop")));
            port.inject(frame);
            long deadlineNs = System.nanoTime() + PATIENCE_NS;
            while (thread.failure() == null && System.nanoTime() < deadlineNs) {
                Thread.onSpinWait();
            }

            assertEquals("no clock", thread.failure().getMessage());
            assertThrows(IllegalStateException.class, () -> worker.commands().call(() -> 1));
        }
        port.close();
    }
}
