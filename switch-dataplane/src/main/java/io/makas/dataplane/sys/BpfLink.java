// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * A program at its place, for as long as this object is open: when the process ends, however it ends, the kernel takes the
 * program away. That is why programs are attached by links and not through netlink, where they would outlive a crash.
 *
 * <p>Thread: any. Owner: the one who attached it; closing takes the program away.
 */
public final class BpfLink implements AutoCloseable {

    /** {@code BPF_XDP} of {@code enum bpf_attach_type} in {@code linux/bpf.h}. */
    private static final int BPF_XDP = 37;
    /** {@code XDP_FLAGS_SKB_MODE} of {@code linux/if_link.h}. */
    private static final int XDP_FLAGS_SKB_MODE = 1 << 1;
    /** {@code XDP_FLAGS_DRV_MODE}. */
    private static final int XDP_FLAGS_DRV_MODE = 1 << 2;
    /** Up to and with {@code flags} of {@code struct bpf_link_create_opts} in {@code bpf/bpf.h}. */
    private static final int OPTIONS_BYTES = 16;
    /** Up to and with {@code name} of {@code struct bpf_prog_info} in {@code linux/bpf.h}. */
    private static final int INFO_BYTES = 80;

    private static final int INFO_NAME = 64;

    private static final MethodHandle CREATE =
            LibBpf.link("bpf_link_create", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle PROGRAM_BY_ID =
            LibBpf.link("bpf_prog_get_fd_by_id", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle INFO_BY_FD =
            LibBpf.link("bpf_obj_get_info_by_fd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    private final Descriptor descriptor;

    private BpfLink(int fd) {
        this.descriptor = new Descriptor(fd, "bpf_link_create", "");
    }

    /** Where an XDP program runs. */
    public enum XdpMode {
        /** In the driver, before there is a socket buffer. */
        NATIVE(XDP_FLAGS_DRV_MODE),
        /** Behind the driver, for any interface, slower. */
        GENERIC(XDP_FLAGS_SKB_MODE);

        private final int flags;

        XdpMode(int flags) {
            this.flags = flags;
        }
    }

    /**
     * What became of {@link #attachXdp}.
     *
     * @param link the link, or null when the kernel refused
     * @param errno 0, or why: {@code EBUSY} means that another program is there, {@code EOPNOTSUPP} that the driver has no
     *     such mode, {@code ERANGE} that the MTU is too large
     */
    public record Attempt(BpfLink link, int errno) {}

    /**
     * Attaches an XDP program to an interface of the calling thread's namespace, unless one is there already.
     *
     * @param programFd the program
     * @param interfaceIndex the interface
     * @param mode where it runs
     */
    public static Attempt attachXdp(int programFd, int interfaceIndex, XdpMode mode) {
        int answer = create(programFd, interfaceIndex, BPF_XDP, mode.flags);
        return answer < 0 ? new Attempt(null, -answer) : new Attempt(new BpfLink(answer), 0);
    }

    /** The name of a program of the kernel, or {@code id N} when it has none or is gone. */
    public static String programName(int programId) {
        int fd = programById(programId);
        if (fd >= 0) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment info = arena.allocate(INFO_BYTES, Long.BYTES);
                int answer = (int) INFO_BY_FD.invokeExact(fd, info, arena.allocateFrom(JAVA_INT, INFO_BYTES));
                String name = answer < 0 ? "" : info.getString(INFO_NAME, StandardCharsets.UTF_8);
                if (!name.isEmpty()) {
                    return name + " (id " + programId + ")";
                }
            } catch (Throwable t) {
                throw Native.unexpected(t);
            } finally {
                LibcFiles.close(fd);
            }
        }
        return "id " + programId;
    }

    /** The link's file descriptor. */
    public int fileDescriptor() {
        return descriptor.number();
    }

    @Override
    public void close() {
        descriptor.close();
    }

    private static int create(int programFd, int target, int attachType, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment options = arena.allocate(OPTIONS_BYTES, Long.BYTES);
            options.set(JAVA_LONG, 0, OPTIONS_BYTES);
            options.set(JAVA_INT, Long.BYTES, flags);
            return (int) CREATE.invokeExact(programFd, target, attachType, options);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int programById(int programId) {
        try {
            return (int) PROGRAM_BY_ID.invokeExact(programId);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
