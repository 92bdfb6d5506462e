// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.util.List;
import java.util.Objects;

/**
 * How DPDK's environment (EAL) is started.
 *
 * @param hugepages whether packet memory comes from hugepages; without, no device and no guest can share it, which is enough
 *     for {@code net_null}, {@code net_ring}, {@code net_pcap}, {@code net_tap}, {@code net_af_packet} and for vhost-user
 *     ports, whose memory is the guest's
 * @param memoryMb memory to take at the start, in MiB; 0 takes it from hugepages as it is needed
 * @param logLevel name of the least level that DPDK itself writes to standard error, e.g. {@code error} or {@code debug}
 * @param extraArguments further arguments for {@code rte_eal_init}, e.g. {@code --iova-mode=pa}
 */
public record EalOptions(boolean hugepages, int memoryMb, String logLevel, List<String> extraArguments) {

    private static final int MEMORY_WITHOUT_HUGEPAGES_MB = 256;

    /** Checks the fields. */
    public EalOptions {
        Objects.requireNonNull(logLevel, "logLevel");
        extraArguments = List.copyOf(extraArguments);
        if (memoryMb < 0 || (!hugepages && memoryMb == 0)) {
            throw new IllegalArgumentException("memory of " + memoryMb + " MiB "
                    + (hugepages ? "is negative" : "does not do without hugepages: nothing can be added later"));
        }
    }

    /** Hugepages, taken as they are needed. */
    public static EalOptions ofHugepages() {
        return new EalOptions(true, 0, "error", List.of());
    }

    /** No hugepages: runs anywhere, for tests and for machines whose ports need none. */
    public static EalOptions withoutHugepages() {
        return new EalOptions(false, MEMORY_WITHOUT_HUGEPAGES_MB, "error", List.of());
    }
}
