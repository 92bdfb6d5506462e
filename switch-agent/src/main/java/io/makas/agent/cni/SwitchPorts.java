// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.cni.CniError;
import java.util.Optional;

/** What pod wiring needs of the switch. {@link DatapathPorts} is the real one. Thread: any. */
interface SwitchPorts {

    /**
     * A port as it is now.
     *
     * @param number its OpenFlow number
     * @param linkUp whether there is somebody at the other end
     */
    record State(int number, boolean linkUp) {}

    /** For {@link #add}: the lowest free number. */
    int LOWEST_FREE = 0;

    /**
     * Opens an afxdp port on an interface, under the interface's name.
     *
     * @param number the number that it is to have, or {@link #LOWEST_FREE}
     * @return its number
     */
    int add(String interfaceName, int number) throws CniError;

    /** Closes a port. One that does not exist is no error. */
    void remove(String interfaceName) throws CniError;

    /** The port of that name, if there is one. */
    Optional<State> find(String interfaceName);
}
