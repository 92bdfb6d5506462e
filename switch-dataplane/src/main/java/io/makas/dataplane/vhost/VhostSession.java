// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.sys.EventFd;
import io.makas.dataplane.sys.SysException;

/**
 * Answers the messages of one front end, for as long as it is connected.
 *
 * <p>Before a message changes something that workers use, they let go of all rings; after it, the rings that are whole are
 * handed out again. The places of a ring are checked each time that it is handed out.
 *
 * <p>Thread: the control thread of the {@link VhostBackend}. Owner: it, too.
 */
final class VhostSession {

    /** Queue pairs that a guest may have. */
    static final int MAX_QUEUE_PAIRS = 64;

    /** Protocol features that are served. */
    static final long PROTOCOL_FEATURES = VhostProtocol.F_MQ
            | VhostProtocol.F_RARP
            | VhostProtocol.F_REPLY_ACK
            | VhostProtocol.F_MTU
            | VhostProtocol.F_RESET_DEVICE
            | VhostProtocol.F_CONFIGURE_MEM_SLOTS
            | VhostProtocol.F_STATUS;

    private static final long MIN_MTU_BYTES = 68;
    private static final long MAX_MTU_BYTES = 65_535;

    private final VhostConnection connection;
    private final VhostOwner owner;
    private final long offered;
    private final VhostRing[] rings = new VhostRing[2 * MAX_QUEUE_PAIRS];
    private final VhostMessage message = new VhostMessage();

    private GuestMemory memory = new GuestMemory();
    private long features;
    private long protocolFeatures;
    private long status;
    private boolean ringsOut;

    /**
     * Makes a session.
     *
     * @param offered virtio features that the guest may choose from
     */
    VhostSession(VhostConnection connection, VhostOwner owner, long offered) {
        this.connection = connection;
        this.owner = owner;
        this.offered = offered;
        for (int i = 0; i < rings.length; i++) {
            rings[i] = new VhostRing(i);
        }
    }

    /**
     * Answers until the front end goes. Afterwards no worker uses anything of the guest, and its memory is unmapped.
     *
     * @throws SysException when the front end breaks the protocol; it is to be disconnected
     */
    void run() {
        try {
            while (connection.receive(message)) {
                answer();
            }
        } finally {
            takeRings();
            for (VhostRing ring : rings) {
                ring.reset();
            }
            memory.close();
        }
    }

    private void answer() {
        boolean wantsReply = message.needsReply() && (protocolFeatures & VhostProtocol.F_REPLY_ACK) != 0;
        try {
            boolean answered = handle();
            giveRings();
            message.closeFileDescriptors();
            if (wantsReply && !answered) {
                connection.send(message.reply().u64(0));
            }
        } catch (SysException | IndexOutOfBoundsException e) {
            takeRings();
            message.closeFileDescriptors();
            if (wantsReply) {
                connection.send(message.reply().u64(1));
            }
            if (e instanceof SysException known) {
                throw known;
            }
            throw new SysException("vhost-user " + e.getMessage());
        }
    }

    /** Does what the message asks for. Returns whether it was answered already. */
    private boolean handle() {
        switch (message.request()) {
            case VhostProtocol.GET_FEATURES -> reply(offered);
            case VhostProtocol.SET_FEATURES -> features(message.u64());
            case VhostProtocol.SET_OWNER -> {}
            case VhostProtocol.RESET_OWNER, VhostProtocol.RESET_DEVICE -> reset();
            case VhostProtocol.SET_MEM_TABLE -> memoryTable();
            case VhostProtocol.GET_MAX_MEM_SLOTS -> reply(GuestMemory.MAX_REGIONS);
            case VhostProtocol.ADD_MEM_REG -> addRegion();
            case VhostProtocol.REM_MEM_REG -> removeRegion();
            case VhostProtocol.GET_PROTOCOL_FEATURES -> reply(PROTOCOL_FEATURES);
            case VhostProtocol.SET_PROTOCOL_FEATURES -> protocolFeatures(message.u64());
            case VhostProtocol.GET_QUEUE_NUM -> reply(MAX_QUEUE_PAIRS);
            case VhostProtocol.NET_SET_MTU -> mtu(message.u64());
            case VhostProtocol.SEND_RARP -> owner.announce(mac(message.u64()));
            case VhostProtocol.SET_STATUS -> status(message.u64());
            case VhostProtocol.GET_STATUS -> reply(status);
            default -> {
                return handleRing();
            }
        }
        return (message.flags() & VhostMessage.REPLY) != 0;
    }

    private boolean handleRing() {
        switch (message.request()) {
            case VhostProtocol.SET_VRING_NUM -> changed(message.ring()).size(message.ringValue());
            case VhostProtocol.SET_VRING_ADDR -> changed(message.ring()).place(message);
            case VhostProtocol.SET_VRING_BASE -> changed(message.ring()).base(message.ringValue());
            case VhostProtocol.GET_VRING_BASE -> {
                int ring = message.ring();
                connection.send(message.reply().vringState(ring, changed(ring).halt()));
                return true;
            }
            case VhostProtocol.SET_VRING_KICK -> {
                VhostRing ring = changed((int) (message.u64() & VhostProtocol.RING_MASK));
                ring.kick(eventFd());
            }
            case VhostProtocol.SET_VRING_CALL -> {
                VhostRing ring = changed((int) (message.u64() & VhostProtocol.RING_MASK));
                ring.call(eventFd());
            }
            case VhostProtocol.SET_VRING_ERR -> changed((int) (message.u64() & VhostProtocol.RING_MASK));
            case VhostProtocol.SET_VRING_ENABLE -> changed(message.ring()).enable(message.ringValue() != 0);
            default ->
                throw new SysException(
                        "vhost-user request " + message.request() + " is not among the features that were agreed on");
        }
        return false;
    }

    private void reply(long value) {
        connection.send(message.reply().u64(value));
    }

    private void features(long chosen) {
        if ((chosen & ~offered) != 0) {
            throw new SysException(
                    "the guest chose features 0x" + Long.toHexString(chosen & ~offered) + " that were not offered");
        }
        if (chosen != features) {
            takeRings();
            features = chosen;
        }
    }

    private void protocolFeatures(long chosen) {
        if ((chosen & ~PROTOCOL_FEATURES) != 0) {
            throw new SysException("the guest chose protocol features 0x"
                    + Long.toHexString(chosen & ~PROTOCOL_FEATURES) + " that were not offered");
        }
        protocolFeatures = chosen;
    }

    private void memoryTable() {
        int count = message.regionCount();
        if (count < 1 || count > VhostMessage.MAX_REGIONS || count != message.fileDescriptorCount()) {
            throw new SysException(Integer.toUnsignedString(count) + " memory regions with "
                    + message.fileDescriptorCount() + " descriptors; 1 to " + VhostMessage.MAX_REGIONS
                    + " are possible, each with one");
        }
        takeRings();
        memory.close();
        memory = new GuestMemory();
        for (int i = 0; i < count; i++) {
            addRegion(i);
        }
    }

    private void addRegion() {
        takeRings();
        addRegion(0);
    }

    private void addRegion(int index) {
        memory = memory.with(
                message.regionGuestAddress(index),
                message.regionBytes(index),
                message.regionUserAddress(index),
                message.regionMapOffset(index),
                message.fileDescriptor(index));
    }

    private void removeRegion() {
        long guest = message.regionGuestAddress(0);
        long bytes = message.regionBytes(0);
        long user = message.regionUserAddress(0);
        GuestMemory rest = memory.without(guest, bytes, user);
        takeRings();
        memory.mapping(guest, bytes, user).close();
        memory = rest;
    }

    private static void mtu(long bytes) {
        if (bytes < MIN_MTU_BYTES || bytes > MAX_MTU_BYTES) {
            throw new SysException("the guest's MTU of " + Long.toUnsignedString(bytes) + " bytes is not of "
                    + MIN_MTU_BYTES + " to " + MAX_MTU_BYTES);
        }
    }

    private void status(long value) {
        status = value;
        if (value == 0) {
            reset();
        }
    }

    private void reset() {
        takeRings();
        for (VhostRing ring : rings) {
            ring.reset();
        }
    }

    /** The first six bytes of a payload. */
    private static byte[] mac(long payload) {
        byte[] mac = new byte[6];
        for (int i = 0; i < mac.length; i++) {
            mac[i] = (byte) (payload >>> 8 * i);
        }
        return mac;
    }

    /** The descriptor of a kick or call, or null when there is none because the other side polls. */
    private EventFd eventFd() {
        return (message.u64() & VhostProtocol.NO_FILE_DESCRIPTOR) != 0
                ? null
                : EventFd.adopt(message.takeFileDescriptor(0));
    }

    /** A ring that is about to change. */
    private VhostRing changed(int number) {
        if (number < 0 || number >= rings.length) {
            throw new SysException(
                    "ring " + Integer.toUnsignedString(number) + "; there can be " + rings.length + " rings");
        }
        takeRings();
        return rings[number];
    }

    private void takeRings() {
        if (ringsOut) {
            owner.stopRings();
            ringsOut = false;
            for (VhostRing ring : rings) {
                ring.stop();
            }
        }
    }

    private void giveRings() {
        if (ringsOut) {
            return;
        }
        boolean enabledByThemselves = (features & VirtioFeatures.PROTOCOL_FEATURES) == 0;
        RingReader[] readers = new RingReader[MAX_QUEUE_PAIRS];
        RingWriter[] writers = new RingWriter[MAX_QUEUE_PAIRS];
        boolean any = false;
        for (int i = 0; i < rings.length; i++) {
            if (memory.regions() > 0 && rings[i].isUsable(enabledByThemselves)) {
                switch (rings[i].start(memory, features)) {
                    case RingReader reader -> readers[i / 2] = reader;
                    case RingWriter writer -> writers[i / 2] = writer;
                }
                any = true;
            }
        }
        if (any) {
            ringsOut = true;
            owner.startRings(readers, writers);
        }
    }
}
