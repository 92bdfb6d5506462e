// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.flow.cache.CacheStatistics;

/**
 * Figures of a worker since it started.
 *
 * @param name the worker's thread name
 * @param core processor that it is pinned to, or {@link WorkerThread#ANY_CORE}
 * @param turns turns of its loop
 * @param idleTurns turns with nothing to do
 * @param bursts bursts received
 * @param packets packets received
 * @param cache what its caches did
 */
public record WorkerStatistics(
        String name, int core, long turns, long idleTurns, long bursts, long packets, CacheStatistics cache) {}
