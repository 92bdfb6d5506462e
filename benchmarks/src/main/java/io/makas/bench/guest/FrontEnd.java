// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.guest;

import io.makas.dataplane.vhost.VhostConnection;
import io.makas.dataplane.vhost.VhostMessage;
import io.makas.dataplane.vhost.VhostProtocol;
import io.makas.dataplane.vhost.VirtioFeatures;

/** The front end's side of the vhost-user protocol, as far as a device of one queue pair needs it. */
final class FrontEnd {

    private final VhostConnection connection;
    private final VhostMessage message = new VhostMessage();
    private boolean acknowledges;

    FrontEnd(VhostConnection connection) {
        this.connection = connection;
    }

    /** Agrees on features; returns those that both have. */
    long negotiate(long wanted) {
        long features = ask(VhostProtocol.GET_FEATURES) & wanted;
        if ((features & VirtioFeatures.VERSION_1) == 0) {
            throw new IllegalStateException("the switch does not offer VIRTIO_F_VERSION_1; the generator needs it");
        }
        if ((features & VirtioFeatures.PROTOCOL_FEATURES) != 0) {
            long protocol = ask(VhostProtocol.GET_PROTOCOL_FEATURES) & VhostProtocol.F_REPLY_ACK;
            tell(message.request(VhostProtocol.SET_PROTOCOL_FEATURES).u64(protocol));
            acknowledges = protocol != 0;
        }
        tell(message.request(VhostProtocol.SET_OWNER));
        tell(message.request(VhostProtocol.SET_FEATURES).u64(features));
        return features;
    }

    void shareMemory(GuestMemory memory) {
        tell(message.request(VhostProtocol.SET_MEM_TABLE)
                .addRegion(memory.address(), memory.sizeBytes(), memory.address(), 0, memory.fileDescriptor()));
    }

    /** Tells where a ring is, and starts it if rings begin enabled. */
    void start(int number, GuestRing ring, int kick, int call) {
        tell(message.request(VhostProtocol.SET_VRING_CALL).u64(number).addFileDescriptor(call));
        tell(message.request(VhostProtocol.SET_VRING_NUM).vringState(number, ring.size));
        tell(message.request(VhostProtocol.SET_VRING_BASE).vringState(number, 0));
        tell(message.request(VhostProtocol.SET_VRING_ADDR)
                .vringAddress(number, ring.descriptors(), ring.used(), ring.available()));
        tell(message.request(VhostProtocol.SET_VRING_KICK).u64(number).addFileDescriptor(kick));
    }

    void enable(int number) {
        tell(message.request(VhostProtocol.SET_VRING_ENABLE).vringState(number, 1));
    }

    private long ask(int request) {
        connection.send(message.request(request));
        receiveAnswer(request);
        return message.u64();
    }

    private void tell(VhostMessage request) {
        int number = request.request();
        if (acknowledges) {
            request.needReply();
        }
        connection.send(request);
        if (acknowledges) {
            receiveAnswer(number);
            if (message.u64() != 0) {
                throw new IllegalStateException("the switch refused vhost-user request " + number);
            }
        }
    }

    private void receiveAnswer(int request) {
        if (!connection.receive(message)) {
            throw new IllegalStateException("the switch closed the connection after vhost-user request " + request);
        }
        message.closeFileDescriptors();
        if (message.request() != request) {
            throw new IllegalStateException(
                    "the switch answered vhost-user request " + request + " with " + message.request());
        }
    }
}
