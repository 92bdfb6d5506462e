// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a device counts, by the names that its driver gives ({@code rte_eth_xstats_get}): those that all drivers have, such as
 * {@code rx_missed_errors}, and its own.
 *
 * <p>Thread: control.
 */
final class EthStatistics {

    /** Size of {@code struct rte_eth_xstat_name}: the name alone. */
    private static final int NAME_BYTES = 64;
    /** Size of {@code struct rte_eth_xstat}. */
    private static final int VALUE_BYTES = 16;
    /** Offset of {@code id} in it: the place of its name. */
    private static final int ID = 0;
    /** Offset of {@code value}. */
    private static final int VALUE = 8;
    /** More than any driver has; bounds what a broken one can make us allocate. */
    private static final int MOST = 65_536;

    private EthStatistics() {}

    /** All of them, in the driver's order; none when the driver cannot tell. */
    static Map<String, Long> of(short port) {
        Map<String, Long> statistics = new LinkedHashMap<>();
        int count = EthCalls.statisticsNames(port, MemorySegment.NULL, 0);
        if (count <= 0 || count > MOST) {
            return statistics;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment names = arena.allocate((long) count * NAME_BYTES, Long.BYTES);
            MemorySegment values = arena.allocate((long) count * VALUE_BYTES, Long.BYTES);
            if (EthCalls.statisticsNames(port, names, count) != count) {
                return statistics;
            }
            int filled = Math.min(EthCalls.statistics(port, values, count), count);
            for (int i = 0; i < filled; i++) {
                MemorySegment value = values.asSlice((long) i * VALUE_BYTES, VALUE_BYTES);
                long id = value.get(JAVA_LONG, ID);
                if (id >= 0 && id < count) {
                    statistics.put(name(names, id), value.get(JAVA_LONG, VALUE));
                }
            }
        }
        return statistics;
    }

    private static String name(MemorySegment names, long index) {
        MemorySegment name = names.asSlice(index * NAME_BYTES, NAME_BYTES);
        name.set(java.lang.foreign.ValueLayout.JAVA_BYTE, NAME_BYTES - 1, (byte) 0);
        return name.getString(0);
    }
}
