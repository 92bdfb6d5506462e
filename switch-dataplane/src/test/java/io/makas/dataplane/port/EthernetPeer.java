// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.Memory;
import java.util.ArrayDeque;

/** Plays the peer of a port with another port of DPDK, in the test's own process: a guest, or the other end of a cable. */
final class EthernetPeer implements PortContractTest.Peer {

    private final FrameBatch batch = new FrameBatch();
    private final ArrayDeque<byte[]> received = new ArrayDeque<>();
    private final DpdkPort port;

    EthernetPeer(String devargs, MbufPool pool) {
        this.port = DpdkPort.open(new PortConfig.Dpdk("peer", devargs), pool);
        port.attach();
    }

    DpdkPort port() {
        return port;
    }

    @Override
    public void send(byte[] frame) {
        FramePool pool = port.pool();
        long handle = pool.allocate();
        if (handle == FramePool.NONE) {
            throw new AssertionError("the peer has no buffer left");
        }
        long address = pool.bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
        Memory.copyIn(frame, 0, address, frame.length);
        batch.add(handle, address, frame.length);
        port.transmit(batch);
    }

    @Override
    public byte[] receive() {
        if (received.isEmpty()) {
            port.receive(batch);
            for (int i = 0; i < batch.count; i++) {
                byte[] frame = new byte[batch.lengthBytes[i]];
                Memory.copyOut(batch.address[i], frame, 0, frame.length);
                received.add(frame);
            }
            port.pool().release(batch.handle, 0, batch.count);
            batch.clear();
        }
        return received.poll();
    }

    @Override
    public void close() {
        port.detach();
        port.close();
    }
}
