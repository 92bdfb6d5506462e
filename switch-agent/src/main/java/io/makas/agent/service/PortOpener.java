// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.makas.agent.config.SwitchConfig.DpdkMode;
import io.makas.agent.log.Log;
import io.makas.dataplane.Datapath;
import io.makas.dataplane.PortException;
import io.makas.dataplane.PortInfo;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.port.PortConfig.VhostImplementation;
import io.makas.dataplane.worker.QueueAffinity;

/**
 * Opens ports within what the configuration allows, for clients and at the start. Thread: any control thread.
 */
public final class PortOpener {

    private static final Log LOG = Log.of("ports");

    private final Datapath datapath;
    private final DpdkMode dpdk;

    /** Makes an opener of ports of a data path. */
    public PortOpener(Datapath datapath, DpdkMode dpdk) {
        this.datapath = datapath;
        this.dpdk = dpdk;
    }

    /**
     * Opens a port.
     *
     * @param number its number, or 0 for the lowest free one
     * @param affinity which of its queues are pinned to which workers
     * @throws PortException if it cannot be opened, or is not allowed
     */
    public PortInfo open(PortConfig config, int number, QueueAffinity affinity) throws PortException {
        boolean needsDpdk = switch (config) {
            case PortConfig.VhostUser vhostUser -> vhostUser.implementation() == VhostImplementation.LIBRARY;
            case PortConfig.Dpdk _ -> true;
            case PortConfig.AfXdp _, PortConfig.Memory _ -> false;
        };
        if (needsDpdk && dpdk == DpdkMode.OFF) {
            throw new PortException(
                    PortException.Kind.UNAVAILABLE,
                    config.type() + " ports need DPDK, which is off in the switch's configuration (dpdk.mode)"
                            + (config instanceof PortConfig.VhostUser ? "; implementation 'own' does not" : ""));
        }
        PortInfo port = datapath.addPort(config, number, affinity);
        LOG.info(
                "port added",
                "port",
                config.name(),
                "number",
                port.number(),
                "type",
                config.type(),
                "runs",
                port.description());
        return port;
    }
}
