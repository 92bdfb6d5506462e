// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

/**
 * Figures of a worker's {@link FlowCache}. Counts are since the worker started.
 *
 * @param exactHits packets found by their whole key
 * @param megaflowHits packets found in the megaflow cache
 * @param misses packets for which the pipeline was asked
 * @param evictions megaflows that gave way to others because the limit was reached
 * @param megaflows megaflows held now
 * @param masks distinct masks among them
 * @param subtablesTried subtables searched in all; divided by hits and misses, the masks tried a look-up
 */
public record CacheStatistics(
        long exactHits, long megaflowHits, long misses, long evictions, int megaflows, int masks, long subtablesTried) {

    /** The sums of two caches' figures. */
    public CacheStatistics plus(CacheStatistics other) {
        return new CacheStatistics(
                exactHits + other.exactHits,
                megaflowHits + other.megaflowHits,
                misses + other.misses,
                evictions + other.evictions,
                megaflows + other.megaflows,
                masks + other.masks,
                subtablesTried + other.subtablesTried);
    }
}
