// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What librte_vhost calls when guests come, change and go: one table of functions for all sockets, which looks up whose
 * guest it is.
 *
 * <p>No exception may leave these methods, it would end the process.
 *
 * <p>Thread: librte_vhost's message thread, its reconnecting thread, or the thread that closes a socket.
 */
final class VhostCallbacks {

    /** {@code RTE_MAX_VHOST_DEVICE} of vhost.h: one more than the highest device number. */
    private static final int MAX_DEVICES = 1024;
    /** {@code PATH_MAX} of linux/limits.h. */
    private static final long PATH_BYTES = 4096;
    /** Size of {@code struct rte_vhost_device_ops} of rte_vhost.h, in pointers. */
    private static final int OPS_POINTERS = 8;
    /** Index of {@code new_device} in it. */
    private static final int NEW_DEVICE = 0;
    /** Index of {@code destroy_device}. */
    private static final int DESTROY_DEVICE = 1;
    /** Index of {@code vring_state_changed}. */
    private static final int VRING_STATE_CHANGED = 2;
    /** Index of {@code new_connection}. */
    private static final int NEW_CONNECTION = 4;

    private static final MethodHandle GET_IFNAME =
            Dpdk.link("vhost", "rte_vhost_get_ifname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));

    private static final System.Logger LOG = System.getLogger(VhostCallbacks.class.getName());

    /** Whom to tell, by path. */
    private static final Map<String, VhostGuest> GUESTS = new ConcurrentHashMap<>();

    /** Rings that may be used, a bit each, by device number. Written by the callbacks. */
    private static final AtomicLongArray ENABLED_RINGS = new AtomicLongArray(MAX_DEVICES);

    /** {@code struct rte_vhost_device_ops}, never freed: the library keeps a pointer to it. */
    static final MemorySegment TABLE = table();

    private VhostCallbacks() {}

    static void add(String path, VhostGuest guest) {
        if (GUESTS.putIfAbsent(path, guest) != null) {
            throw new SysException("socket '" + path + "' is served by another vhost-user port of this switch already");
        }
    }

    static void remove(String path) {
        GUESTS.remove(path);
    }

    static long enabledRings(int vid) {
        return ENABLED_RINGS.getAcquire(vid);
    }

    /** {@code new_device}: an answer other than 0 refuses the guest. */
    private static int newDevice(int vid) {
        try {
            VhostGuest guest = guest(vid);
            if (guest == null) {
                return -1;
            }
            guest.arrived(vid);
            return 0;
        } catch (Throwable t) {
            LOG.log(System.Logger.Level.ERROR, "vhost-user guest " + vid + " was refused", t);
            return -1;
        }
    }

    private static void destroyDevice(int vid) {
        try {
            VhostGuest guest = guest(vid);
            if (guest != null) {
                guest.left(vid);
            }
        } catch (Throwable t) {
            LOG.log(System.Logger.Level.ERROR, "vhost-user guest " + vid + " could not be let go", t);
        }
    }

    /** Called with the locks of the guest's rings held: it notes the fact and no more. */
    private static int vringStateChanged(int vid, short ring, int enabled) {
        if (ring >= 0 && ring < Long.SIZE && vid < MAX_DEVICES) {
            long bit = 1L << ring;
            if (enabled != 0) {
                ENABLED_RINGS.getAndUpdate(vid, rings -> rings | bit);
            } else {
                ENABLED_RINGS.getAndUpdate(vid, rings -> rings & ~bit);
            }
        }
        return 0;
    }

    private static int newConnection(int vid) {
        if (vid < MAX_DEVICES) {
            ENABLED_RINGS.set(vid, 0);
        }
        return 0;
    }

    private static VhostGuest guest(int vid) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocate(PATH_BYTES);
            int answer = (int) GET_IFNAME.invokeExact(vid, path, PATH_BYTES);
            return answer == 0 && vid < MAX_DEVICES ? GUESTS.get(path.getString(0)) : null;
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment table() {
        FunctionDescriptor intOfVid = FunctionDescriptor.of(JAVA_INT, JAVA_INT);
        FunctionDescriptor voidOfVid = FunctionDescriptor.ofVoid(JAVA_INT);
        FunctionDescriptor ringState = FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_SHORT, JAVA_INT);
        MemorySegment table = Arena.global().allocate(ADDRESS, OPS_POINTERS);
        table.setAtIndex(ADDRESS, NEW_DEVICE, stub("newDevice", intOfVid));
        table.setAtIndex(ADDRESS, DESTROY_DEVICE, stub("destroyDevice", voidOfVid));
        table.setAtIndex(ADDRESS, VRING_STATE_CHANGED, stub("vringStateChanged", ringState));
        table.setAtIndex(ADDRESS, NEW_CONNECTION, stub("newConnection", intOfVid));
        return table;
    }

    @SuppressWarnings("restricted")
    private static MemorySegment stub(String method, FunctionDescriptor descriptor) {
        try {
            MethodHandle target =
                    MethodHandles.lookup().findStatic(VhostCallbacks.class, method, descriptor.toMethodType());
            return Linker.nativeLinker().upcallStub(target, descriptor, Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
