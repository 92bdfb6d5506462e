// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.port.PortQueue;

/**
 * A queue and the worker that owns it.
 *
 * @param queue the queue
 * @param portName its port
 * @param number its port's OpenFlow number
 * @param index its number within the port, from 0
 * @param node NUMA node of its device, or −1 if that is not known
 * @param worker number of the worker
 * @param isPinned whether it was pinned there
 * @param load what it costs
 */
record PlacedQueue(
        PortQueue queue,
        String portName,
        int number,
        int index,
        int node,
        int worker,
        boolean isPinned,
        QueueLoad load) {

    PlacedQueue(PortQueue queue, String portName, int number, int index, int node, int worker, boolean isPinned) {
        this(queue, portName, number, index, node, worker, isPinned, new QueueLoad());
    }

    WorkerStatistics.Queue figures() {
        return new WorkerStatistics.Queue(portName, index, isPinned, load.packets(), load.busyNs());
    }

    PlacedQueue at(int newWorker) {
        return new PlacedQueue(queue, portName, number, index, node, newWorker, isPinned, load);
    }

    PlacedQueue pinnedTo(int newWorker) {
        return new PlacedQueue(queue, portName, number, index, node, newWorker, true, load);
    }
}
