// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.ArrayList;
import java.util.List;

/**
 * The monitors of the tables, and what edits tell them.
 *
 * <p>Threads: any; what is told and who listens changes under the lock of the tables.
 */
final class FlowMonitors {

    private final FlowTables tables;
    private final List<FlowMonitor> monitors = new ArrayList<>();

    FlowMonitors(FlowTables tables) {
        this.tables = tables;
    }

    /** Whether nobody listens. */
    boolean isEmpty() {
        return monitors.isEmpty();
    }

    /** Makes a monitor, and starts it. */
    FlowMonitor open(FlowFilter filter, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a monitor with room for " + capacity + " events; 1 is the least");
        }
        FlowMonitor monitor = new FlowMonitor(this, filter, capacity);
        begin(monitor);
        return monitor;
    }

    /** Starts a monitor, or starts it anew, with the flows that there are now. */
    void begin(FlowMonitor monitor) {
        tables.withFlows(monitor.filter(), flows -> {
            if (!monitors.contains(monitor) && !monitor.isClosed()) {
                monitors.add(monitor);
            }
            monitor.beginWith(flows);
        });
    }

    /** Tells a monitor nothing any more. */
    void end(FlowMonitor monitor) {
        tables.withLock(() -> monitors.remove(monitor));
    }

    /** Tells what a version brought. */
    void tell(List<Change> changes) {
        for (FlowMonitor monitor : monitors) {
            for (Change change : changes) {
                if (change.concerns(monitor.filter())) {
                    monitor.offer(change.event());
                }
            }
        }
    }

    /**
     * What became of a flow.
     *
     * @param entry the flow
     * @param before what it was before, if it was modified; else null
     */
    record Change(FlowEvent event, FlowEntry entry, FlowEntry before) {

        boolean concerns(FlowFilter filter) {
            return filter.accepts(entry) || before != null && filter.accepts(before);
        }
    }
}
