// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.sys.EventFd;
import io.makas.dataplane.sys.SysException;

/**
 * What a front end has said of one ring so far.
 *
 * <p>Thread: the control thread. Owner: {@link VhostSession}.
 */
final class VhostRing {

    private static final int DESCRIPTOR_ALIGNMENT = 16;
    private static final int DRIVER_ALIGNMENT = 2;
    private static final int DEVICE_ALIGNMENT = 4;

    private final int number;
    private int size;
    private boolean placed;
    private long descriptors;
    private long driver;
    private long device;
    private int base;
    private EventFd kick;
    private EventFd call;
    private boolean started;
    private boolean enabled;
    /** The ring in use, or null. */
    private GuestRing running;

    VhostRing(int number) {
        this.number = number;
    }

    /** Whether the guest sends by it: every second one. */
    boolean isSending() {
        return (number & 1) != 0;
    }

    void size(int count) {
        // A packed ring may have any size, yet no driver makes one that is not a power of two.
        if (count <= 0 || count > SplitRing.MAX_SIZE || Integer.bitCount(count) != 1) {
            throw new SysException("ring " + number + " of " + Integer.toUnsignedString(count)
                    + " descriptors; it must be a power of two up to " + SplitRing.MAX_SIZE);
        }
        size = count;
    }

    void place(VhostMessage message) {
        descriptors = message.ringDescriptors();
        device = message.ringUsed();
        driver = message.ringAvailable();
        placed = true;
    }

    void base(int index) {
        base = index;
    }

    void kick(EventFd descriptor) {
        close(kick);
        kick = descriptor;
        started = true;
    }

    void call(EventFd descriptor) {
        close(call);
        call = descriptor;
    }

    void enable(boolean enable) {
        enabled = enable;
    }

    /** Whether it can be used now. */
    boolean isUsable(boolean enabledByThemselves) {
        return started && placed && size > 0 && (enabled || enabledByThemselves);
    }

    /**
     * Checks where the ring is, and makes it ready for a worker.
     *
     * @throws SysException when it cannot be there
     */
    GuestRing start(GuestMemory memory, long features) {
        boolean packed = (features & VirtioFeatures.RING_PACKED) != 0;
        long driverBytes = packed ? PackedRing.EVENT_BYTES : SplitRing.availableBytes(size);
        long deviceBytes = packed ? PackedRing.EVENT_BYTES : SplitRing.usedBytes(size);
        RingSetup setup = new RingSetup(
                number,
                memory,
                features,
                size,
                place(memory, "descriptors", descriptors, SplitRing.descriptorsBytes(size), DESCRIPTOR_ALIGNMENT),
                place(memory, "driver's area", driver, driverBytes, packed ? DEVICE_ALIGNMENT : DRIVER_ALIGNMENT),
                place(memory, "device's area", device, deviceBytes, DEVICE_ALIGNMENT),
                base,
                call,
                kick);
        running = isSending() ? new SplitRingReader(setup) : new SplitRingWriter(setup);
        return running;
    }

    /** No worker uses the ring any more: remembers where to go on. */
    void stop() {
        if (running != null) {
            base = running.base();
            running = null;
        }
    }

    /** The front end stops the ring. Answers where it would go on. */
    int halt() {
        stop();
        started = false;
        close(kick);
        kick = null;
        close(call);
        call = null;
        return base;
    }

    /** Forgets everything. */
    void reset() {
        halt();
        size = 0;
        base = 0;
        placed = false;
        enabled = false;
    }

    private long place(GuestMemory memory, String what, long user, long bytes, int alignment) {
        long host = memory.hostOfUser(user, bytes);
        if (host == GuestMemory.NOWHERE || host % alignment != 0) {
            throw new SysException("ring " + number + ": the " + what + " of " + bytes + " bytes at 0x"
                    + Long.toHexString(user)
                    + (host == GuestMemory.NOWHERE
                            ? " are not in the guest's memory"
                            : " are not aligned to " + alignment + " bytes"));
        }
        return host;
    }

    private static void close(EventFd descriptor) {
        if (descriptor != null) {
            descriptor.close();
        }
    }
}
