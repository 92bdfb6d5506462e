// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.sys.BpfLink;
import io.makas.dataplane.sys.BpfLink.XdpMode;
import io.makas.dataplane.sys.Errno;
import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.SysException;

/**
 * The XDP program that hands an interface's frames to sockets of the switch, at its place on one interface.
 *
 * <p>It goes away with this object, or with the process. Thread: control. Owner: the port.
 */
final class XdpAttachment implements AutoCloseable {

    private final XdpProgram program;
    private final BpfLink link;
    private final XdpMode mode;
    private final String why;

    private XdpAttachment(XdpProgram program, BpfLink link, XdpMode mode, String why) {
        this.program = program;
        this.link = link;
        this.mode = mode;
        this.why = why;
    }

    /**
     * Attaches a program, in the driver if that can, else behind it.
     *
     * @param program which the attachment takes over, also when it fails
     * @param to the interface, in the namespace of the calling thread
     * @param asked the mode that was asked for
     * @throws SysException when another program is there, or no mode works that was asked for
     */
    static XdpAttachment attach(XdpProgram program, Link to, AfXdpMode asked) {
        try {
            int fd = program.fileDescriptor();
            if (asked == AfXdpMode.GENERIC) {
                BpfLink.Attempt only = BpfLink.attachXdp(fd, to.index(), XdpMode.GENERIC);
                refuseIfTaken(to, only.errno());
                if (only.link() == null) {
                    throw new SysException("attaching XDP to " + to.name(), only.errno(), "");
                }
                return new XdpAttachment(program, only.link(), XdpMode.GENERIC, "asked for");
            }
            BpfLink.Attempt first = BpfLink.attachXdp(fd, to.index(), XdpMode.NATIVE);
            if (first.link() != null) {
                return new XdpAttachment(program, first.link(), XdpMode.NATIVE, "");
            }
            refuseIfTaken(to, first.errno());
            if (asked != AfXdpMode.BEST_EFFORT) {
                throw new SysException(
                        "attaching XDP to " + to.name() + " in native mode",
                        first.errno(),
                        reason(first.errno()) + "; mode best-effort would fall back to generic");
            }
            BpfLink.Attempt second = BpfLink.attachXdp(fd, to.index(), XdpMode.GENERIC);
            if (second.link() == null) {
                refuseIfTaken(to, second.errno());
                throw new SysException(
                        "attaching XDP to " + to.name(),
                        second.errno(),
                        "native mode failed with " + Errno.name(first.errno()));
            }
            return new XdpAttachment(
                    program, second.link(), XdpMode.GENERIC, "native refused: " + reason(first.errno()));
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
    }

    /** Hands a queue's frames to a socket from now on. */
    void serve(int queue, int socketFd) {
        program.serve(queue, socketFd);
    }

    /** Whether the program runs in the driver. */
    boolean isNative() {
        return mode == XdpMode.NATIVE;
    }

    /** The mode in words, with the reason when it is not the best. */
    String description() {
        return isNative() ? "native" : "generic (" + why + ")";
    }

    @Override
    public void close() {
        link.close();
        program.close();
    }

    private static void refuseIfTaken(Link to, int errno) {
        if (errno == Errno.EBUSY || errno == Errno.EEXIST) {
            String holder = to.xdpProgramId() == 0 ? "" : BpfLink.programName(to.xdpProgramId());
            throw new SysException(
                    "attaching XDP to " + to.name(),
                    errno,
                    "another program is there: " + holder + "; remove it with 'ip link set dev " + to.name()
                            + " xdp off', or end the process that holds it");
        }
    }

    private static String reason(int errno) {
        return switch (errno) {
            case Errno.EOPNOTSUPP -> "the driver cannot";
            case Errno.ERANGE -> "the MTU of the interface or of its peer is too large";
            case Errno.ENOSPC -> "fewer receive queues than the peer has transmit queues";
            default -> Errno.name(errno);
        };
    }
}
