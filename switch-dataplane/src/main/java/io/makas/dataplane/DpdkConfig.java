// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

import java.util.List;

/**
 * How DPDK is started, which happens when the first port needs it.
 *
 * @param hugePages whether to take memory from hugepages; without them only ports that need no shared memory work
 * @param memoryMiB memory that DPDK may take, in MiB, from 16
 * @param mbufs frame buffers shared by all DPDK and vhost-user ports, from 1,024
 * @param ealOptions further options of the environment abstraction layer, as on the command line of a DPDK program
 */
public record DpdkConfig(boolean hugePages, int memoryMiB, int mbufs, List<String> ealOptions) {

    /** 256 MiB of hugepages, 16,384 buffers. */
    public static final DpdkConfig DEFAULT = new DpdkConfig(true, 256, 16_384, List.of());

    /** Checks the ranges. */
    public DpdkConfig {
        if (memoryMiB < 16) {
            throw new IllegalArgumentException("DPDK memory of " + memoryMiB + " MiB is less than 16 MiB");
        }
        if (mbufs < 1_024) {
            throw new IllegalArgumentException(mbufs + " mbufs are fewer than 1024");
        }
        ealOptions = List.copyOf(ealOptions);
    }
}
