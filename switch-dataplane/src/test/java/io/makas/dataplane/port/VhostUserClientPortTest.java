// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

/** The guest listens, as is usual. */
final class VhostUserClientPortTest extends VhostUserPortContractTest {

    @Override
    PortConfig.VhostRole role() {
        return PortConfig.VhostRole.CLIENT;
    }
}
