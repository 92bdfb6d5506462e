// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

import io.makas.dataplane.PortException.Kind;
import io.makas.dataplane.port.AfXdpPort;
import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.Port;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.sys.SysException;

/** Opens the port that a configuration asks for, and what ports of a kind share. Used under the data path's lock. */
final class PortFactory implements AutoCloseable {

    private final DpdkConfig dpdk;

    PortFactory(DpdkConfig dpdk) {
        this.dpdk = dpdk;
    }

    Port open(PortConfig config) throws PortException {
        try {
            return openNative(config);
        } catch (SysException e) {
            throw new PortException(Kind.UNAVAILABLE, "port '" + config.name() + "': " + e.getMessage(), e);
        }
    }

    private Port openNative(PortConfig config) throws PortException {
        return switch (config) {
            case PortConfig.Memory memory -> new MemoryPort(memory);
            case PortConfig.AfXdp afXdp -> AfXdpPort.open(afXdp);
            case PortConfig.VhostUser vhostUser -> throw missing(vhostUser);
            case PortConfig.Dpdk device -> throw missing(device);
        };
    }

    private PortException missing(PortConfig config) {
        return new PortException(Kind.UNAVAILABLE, config.type() + " ports are not built in (" + dpdk + ")");
    }

    @Override
    public void close() {}
}
