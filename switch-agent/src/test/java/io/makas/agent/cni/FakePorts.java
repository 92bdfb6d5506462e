// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.cni.CniError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A switch's ports in memory. */
final class FakePorts implements SwitchPorts {

    final List<String> log;
    final Map<String, Integer> numbers = new ConcurrentSkipListMap<>();
    volatile boolean fail;

    FakePorts(List<String> log) {
        this.log = log;
    }

    @Override
    public int add(String interfaceName, int number) throws CniError {
        log.add("port");
        int chosen = number == LOWEST_FREE ? numbers.size() + 1 : number;
        if (fail || numbers.putIfAbsent(interfaceName, chosen) != null) {
            throw new CniError(CniError.PORT_FAILED, "no port " + interfaceName);
        }
        return numbers.get(interfaceName);
    }

    @Override
    public void remove(String interfaceName) {
        log.add("unport");
        numbers.remove(interfaceName);
    }

    @Override
    public Optional<State> find(String interfaceName) {
        return Optional.ofNullable(numbers.get(interfaceName)).map(number -> new State(number, true));
    }
}
