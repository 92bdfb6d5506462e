// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

/** The guest listens, as is usual; it is one without the features that came later. */
final class VirtioClientPortTest extends VirtioPortContractTest {

    @Override
    PortConfig.VhostRole role() {
        return PortConfig.VhostRole.CLIENT;
    }

    @Override
    long features() {
        return 0;
    }
}
