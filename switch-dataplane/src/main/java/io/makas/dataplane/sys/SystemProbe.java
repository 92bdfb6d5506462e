// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * What this machine lets the switch do, found out by trying, so that what is missing is said at the start and all at once, and
 * not by the first port that fails.
 *
 * <p>Thread: control.
 */
public final class SystemProbe {

    /** {@code CAP_NET_ADMIN} of {@code linux/capability.h}. */
    private static final int CAP_NET_ADMIN = 12;
    /** {@code CAP_SYS_ADMIN}. */
    private static final int CAP_SYS_ADMIN = 21;

    private SystemProbe() {}

    /**
     * One thing that the switch needs for something.
     *
     * @param what the thing
     * @param neededFor what does not work without it
     * @param usable whether it is there
     * @param detail its version if it is, else what is wrong and what to do
     */
    public record Finding(String what, String neededFor, boolean usable, String detail) {}

    /** Looks at everything. Takes some milliseconds and changes nothing. */
    public static List<Finding> findings() {
        return List.of(
                finding(
                        "native calls",
                        "everything but memory ports",
                        () -> "pid " + ProcessHandle.current().pid() + " on processors " + CpuAffinity.allowed()),
                finding("network administration", "veths, addresses, AF_XDP ports", () -> capability(CAP_NET_ADMIN)),
                finding("namespaces and eBPF", "pods, AF_XDP ports", () -> capability(CAP_SYS_ADMIN)),
                finding("libbpf", "AF_XDP ports", LibBpf::version),
                finding("AF_XDP sockets", "AF_XDP ports", SystemProbe::openXdpSocket),
                finding("netlink", "veths and addresses", SystemProbe::openNetlink));
    }

    private static Finding finding(String what, String neededFor, Supplier<String> attempt) {
        try {
            return new Finding(what, neededFor, true, attempt.get());
        } catch (SysException e) {
            return new Finding(what, neededFor, false, e.getMessage());
        } catch (ExceptionInInitializerError e) {
            // A class of native calls could not be linked; its cause says which flag or function is missing.
            return new Finding(
                    what, neededFor, false, String.valueOf(e.getCause().getMessage()));
        } catch (NoClassDefFoundError e) {
            return new Finding(what, neededFor, false, "see the finding above");
        }
    }

    private static String capability(int number) {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            long effective = lines.filter(line -> line.startsWith("CapEff:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring("CapEff:".length()).strip(), 16))
                    .findFirst()
                    .orElse(0);
            if ((effective & 1L << number) != 0) {
                return "allowed";
            }
            String name = number == CAP_NET_ADMIN ? "CAP_NET_ADMIN" : "CAP_SYS_ADMIN";
            throw new SysException("this process lacks " + name + "; run it as root, in a container with --privileged");
        } catch (IOException e) {
            throw new SysException("/proc/self/status cannot be read: " + e);
        }
    }

    private static String openXdpSocket() {
        int answer = LibcSockets.socket(LibcSockets.AF_XDP, LibcSockets.SOCK_RAW, 0);
        String advice = "the kernel needs CONFIG_XDP_SOCKETS, the process CAP_NET_RAW";
        new Descriptor(answer, "socket(AF_XDP)", advice).close();
        return "kernel " + System.getProperty("os.version");
    }

    private static String openNetlink() {
        try (Netlink netlink = Netlink.open()) {
            return netlink.links().size() + " interfaces in this namespace";
        }
    }
}
