// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Poll;
import org.junit.jupiter.api.Test;

/** {@code net_tap}: the driver makes a TAP interface. */
final class DpdkTapPortTest extends DpdkPortContractTest {

    @Override
    String device(NetNamespace host, NetNamespace peer, int number) {
        return "net_tap" + number + ",iface=eth0";
    }

    @Override
    NetNamespace peerNamespace(NetNamespace host, NetNamespace peer) {
        return host;
    }

    @Test
    void shouldWakeAnIdleWorker() {
        try (Poll poll = new Poll(1)) {
            poll.set(0, port().wakeUpFileDescriptor(), Poll.POLLIN);
            for (int i = 0; i < 3; i++) {
                fallAsleep();
                assertEquals(0, poll.await(0), "woken by nothing");

                peer().send(frame(60, i));

                assertEquals(1, poll.await(5_000), "not woken by frame " + i);
                receiveOne();
            }
        }
    }

    @Test
    void shouldNotFallAsleepOverAFrameAndNotLoseIt() {
        fallAsleep();
        turn();
        peer().send(frame(60, 1));

        // The driver looks into its device only after a signal of the kernel, which may take its time.
        Await.until("the port refuses to sleep over a frame", () -> !port().armWakeUp());

        assertArrayEquals(frame(60, 1), receiveOne());
    }

    /** Frames of the kernel's own may be there first. */
    private void fallAsleep() {
        while (!port().armWakeUp()) {
            turn();
        }
    }
}
