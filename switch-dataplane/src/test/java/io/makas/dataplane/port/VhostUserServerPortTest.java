// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

/** The switch listens. */
final class VhostUserServerPortTest extends VhostUserPortContractTest {

    @Override
    PortConfig.VhostRole role() {
        return PortConfig.VhostRole.SERVER;
    }
}
