// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells when a device is taken from the machine. Two ways lead here: the driver of the port notices
 * ({@code RTE_ETH_EVENT_INTR_RMV}), or the kernel asks the holder of a device bound to vfio-pci to let it go, and waits until
 * that is done ({@code RTE_DEV_EVENT_REMOVE}).
 *
 * <p>No exception may leave the methods that DPDK calls, it would end the process. They run what they are given at once, which
 * must not wait, nor close the device.
 *
 * <p>Thread: {@link #watch} and {@link #unwatch} from control threads; DPDK calls on its interrupt thread.
 */
final class EthEvents {

    /** {@code RTE_ETH_EVENT_INTR_RMV} of {@code enum rte_eth_event_type}. */
    private static final int INTR_RMV = 6;
    /** {@code RTE_DEV_EVENT_REMOVE} of {@code enum rte_dev_event_type}. */
    private static final int DEV_EVENT_REMOVE = 1;

    private static final FunctionDescriptor ETH_REGISTRATION =
            FunctionDescriptor.of(JAVA_INT, JAVA_SHORT, JAVA_INT, ADDRESS, ADDRESS);
    private static final FunctionDescriptor DEV_REGISTRATION =
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle ETH_REGISTER =
            Dpdk.link("ethdev", "rte_eth_dev_callback_register", ETH_REGISTRATION);
    private static final MethodHandle ETH_UNREGISTER =
            Dpdk.link("ethdev", "rte_eth_dev_callback_unregister", ETH_REGISTRATION);
    private static final MethodHandle DEV_REGISTER =
            Dpdk.link("eal", "rte_dev_event_callback_register", DEV_REGISTRATION);
    private static final MethodHandle DEV_UNREGISTER =
            Dpdk.link("eal", "rte_dev_event_callback_unregister", DEV_REGISTRATION);

    private static final MemorySegment ETH_CALLBACK =
            stub("ethEvent", FunctionDescriptor.of(JAVA_INT, JAVA_SHORT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MemorySegment DEV_CALLBACK =
            stub("deviceEvent", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, ADDRESS));

    private static final System.Logger LOG = System.getLogger(EthEvents.class.getName());

    /** Whom to tell, by port number and by the device's name. */
    private static final Map<Object, Runnable> WATCHERS = new ConcurrentHashMap<>();

    private EthEvents() {}

    /** Has something run when the device of a port goes. */
    static void watch(short port, String deviceName, Runnable removed) {
        WATCHERS.put(port, removed);
        WATCHERS.put(deviceName, removed);
        registerPort(ETH_REGISTER, port);
        registerDevice(DEV_REGISTER, deviceName);
    }

    /** Undoes {@link #watch}; to be called before the device is closed. */
    static void unwatch(short port, String deviceName) {
        registerPort(ETH_UNREGISTER, port);
        registerDevice(DEV_UNREGISTER, deviceName);
        WATCHERS.remove(port);
        WATCHERS.remove(deviceName);
    }

    /** {@code rte_eth_dev_cb_fn}. */
    private static int ethEvent(short port, int event, MemorySegment argument, MemorySegment answer) {
        tell(port);
        return 0;
    }

    /** {@code rte_dev_event_cb_fn}. */
    private static void deviceEvent(MemorySegment name, int event, MemorySegment argument) {
        if (event == DEV_EVENT_REMOVE) {
            tell(Dpdk.text(name.address()));
        }
    }

    private static void tell(Object key) {
        try {
            Runnable watcher = WATCHERS.get(key);
            if (watcher != null) {
                watcher.run();
            }
        } catch (Throwable t) {
            LOG.log(System.Logger.Level.ERROR, "the removal of DPDK device " + key + " could not be handled", t);
        }
    }

    /** A driver that knows no such event never tells of it, which is no error. */
    private static void registerPort(MethodHandle call, short port) {
        try {
            int _ = (int) call.invokeExact(port, INTR_RMV, ETH_CALLBACK, MemorySegment.NULL);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static void registerDevice(MethodHandle call, String deviceName) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Native.string(arena, deviceName);
            // Not while the callback runs, which never takes long.
            while ((int) call.invokeExact(name, DEV_CALLBACK, MemorySegment.NULL) == -Errno.EAGAIN) {
                Thread.onSpinWait();
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    @SuppressWarnings("restricted")
    private static MemorySegment stub(String method, FunctionDescriptor descriptor) {
        try {
            MethodHandle target = MethodHandles.lookup().findStatic(EthEvents.class, method, descriptor.toMethodType());
            return Linker.nativeLinker().upcallStub(target, descriptor, Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
