// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import io.makas.bench.peer.PeerOptions;
import io.makas.bench.traffic.PacketOrder;
import java.util.List;

/**
 * How to measure.
 *
 * @param seconds length of each measurement, after the warm-up
 * @param warmUpSeconds what is left out before it at least
 * @param rounds how often each switch is measured, in turn
 * @param peers the names of those that are measured beside Makas
 * @param flows how many flows there are, or 0 for all of a trace
 * @param order in which their packets come
 * @param seed of flows, order and built-in rules
 * @param peer what all switches have in common
 * @param generatorCore processor of the generator
 * @param idlePolicy what Makas' worker does without traffic
 * @param vhost which implementation of vhost-user ports Makas uses
 * @param javaOptions further options of its JVM
 */
record VhostOptions(
        int seconds,
        int warmUpSeconds,
        int rounds,
        List<String> peers,
        int flows,
        PacketOrder order,
        long seed,
        PeerOptions peer,
        int generatorCore,
        String idlePolicy,
        String vhost,
        List<String> javaOptions) {

    /** The same with another idle policy. */
    VhostOptions withIdlePolicy(String newPolicy) {
        return new VhostOptions(
                seconds,
                warmUpSeconds,
                rounds,
                peers,
                flows,
                order,
                seed,
                peer,
                generatorCore,
                newPolicy,
                vhost,
                javaOptions);
    }

    String placement() {
        return "forwarding thread on processor " + peer.switchCore() + ", generator on processor " + generatorCore;
    }
}
