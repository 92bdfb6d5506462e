// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.fastpath.OutputQueue;
import io.makas.dataplane.port.PortQueue;

/**
 * A queue that a worker polls, and what it costs.
 *
 * <p>Thread: the worker.
 */
final class PolledQueue {

    final OutputQueue output;
    final PortQueue queue;
    final int number;
    final QueueLoad load;

    PolledQueue(PortQueue queue, int number, QueueLoad load) {
        this.output = new OutputQueue(queue, number);
        this.queue = queue;
        this.number = number;
        this.load = load;
    }
}
