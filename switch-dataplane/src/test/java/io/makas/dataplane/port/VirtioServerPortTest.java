// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

/** The switch listens, a modern guest connects. */
final class VirtioServerPortTest extends VirtioPortContractTest {

    @Override
    PortConfig.VhostRole role() {
        return PortConfig.VhostRole.SERVER;
    }
}
