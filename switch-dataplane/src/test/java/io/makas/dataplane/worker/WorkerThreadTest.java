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

            // The first packet after an edit has the worker credit its cache, which asks for the time.
            pipeline.apply(List.of(FlowText.parse("actions=drop")));
            port.inject(FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                    .ipv4("10.0.0.1", "10.0.0.2")
                    .udp(1, 2)
                    .build());
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
