// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

final class MemoryPortTest extends PortContractTest {

    @Override
    protected Port openPort() {
        return new MemoryPort(new PortConfig.Memory("m1"));
    }

    @Override
    protected Peer openPeer(Port port) {
        MemoryPort memory = (MemoryPort) port;
        return new Peer() {
            @Override
            public void send(byte[] frame) {
                memory.inject(frame);
            }

            @Override
            public byte[] receive() {
                return memory.collect();
            }

            @Override
            public void close() {}
        };
    }
}
