// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.cni.CniError;
import io.makas.dataplane.Datapath;
import io.makas.dataplane.PortException;
import io.makas.dataplane.PortInfo;
import io.makas.dataplane.port.PortConfig;
import java.util.Optional;

/** The ports of the data path. Thread: any. */
final class DatapathPorts implements SwitchPorts {

    private final Datapath datapath;

    DatapathPorts(Datapath datapath) {
        this.datapath = datapath;
    }

    @Override
    public int add(String interfaceName, int number) throws CniError {
        try {
            return datapath.addPort(new PortConfig.AfXdp(interfaceName, interfaceName, 0), number)
                    .number();
        } catch (PortException e) {
            throw new CniError(CniError.PORT_FAILED, "the switch refused the pod's port: " + e.getMessage(), e);
        }
    }

    @Override
    public void remove(String interfaceName) throws CniError {
        try {
            datapath.removePort(interfaceName);
        } catch (PortException e) {
            if (e.kind() != PortException.Kind.NOT_FOUND) {
                throw new CniError(CniError.PORT_FAILED, "port " + interfaceName + ": " + e.getMessage(), e);
            }
        }
    }

    @Override
    public Optional<State> find(String interfaceName) {
        return datapath.ports().stream()
                .filter(port -> port.config().name().equals(interfaceName))
                .map((PortInfo port) -> new State(port.number(), port.linkUp()))
                .findFirst();
    }
}
