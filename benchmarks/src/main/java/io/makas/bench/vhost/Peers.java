// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import io.makas.bench.peer.MakasPeer;
import io.makas.bench.peer.OpenvSwitchPeer;
import io.makas.bench.peer.Peer;
import io.makas.bench.peer.TestPmdPeer;
import io.makas.bench.traffic.RuleText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The switches of a measurement, all started, all but the one that is measured standing still. */
final class Peers implements AutoCloseable {

    /** Those that can be asked for. */
    static final List<String> KNOWN = List.of("ovs", "testpmd");

    private final List<Peer> peers = new ArrayList<>();

    /** Starts Makas and those asked for. */
    static Peers start(Path folder, VhostOptions options, RuleText rules) throws IOException, InterruptedException {
        Peers started = new Peers();
        try {
            started.add(MakasPeer.start(
                    folder, options.peer(), rules, options.idlePolicy(), options.vhost(), options.javaOptions()));
            for (String name : options.peers()) {
                started.add(
                        switch (name) {
                            case "ovs" -> OpenvSwitchPeer.start(folder, options.peer(), rules);
                            case "testpmd" -> TestPmdPeer.start(folder, options.peer());
                            default -> throw new IllegalArgumentException("no peer '" + name + "'");
                        });
            }
            return started;
        } catch (IOException | InterruptedException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /** All of them, Makas first. */
    List<Peer> all() {
        return peers;
    }

    private void add(Peer peer) {
        peers.add(peer);
        peer.pause();
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (Peer peer : peers.reversed()) {
            try {
                peer.close();
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
