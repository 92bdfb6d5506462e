// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.sys.Errno;
import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.sys.XdpSocket;
import java.util.concurrent.locks.LockSupport;

/**
 * Binds the sockets of one port to their queues: with zero-copy where it may be and the driver has it, else with the kernel
 * copying, and says why.
 *
 * <p>Thread: control.
 */
final class XdpBinding {

    /** How long the kernel may take to let go of a queue whose socket was closed just now. */
    private static final long BUSY_PATIENCE_NS = 2_000_000_000L;

    private static final long BUSY_PAUSE_NS = 2_000_000L;

    private final Link link;
    private final AfXdpMode asked;
    private final boolean triesZeroCopy;
    private final int commonFlags;
    private String description = "";

    /**
     * Prepares to bind.
     *
     * @param asked the mode that was asked for
     * @param isNative whether the program runs in the driver
     * @param hasLongFrames whether frames are longer than a chunk
     */
    XdpBinding(Link link, AfXdpMode asked, boolean isNative, boolean hasLongFrames) {
        this.link = link;
        this.asked = asked;
        this.triesZeroCopy = isNative && (asked == AfXdpMode.BEST_EFFORT || asked == AfXdpMode.NATIVE_WITH_ZEROCOPY);
        this.commonFlags = XdpSocket.XDP_USE_NEED_WAKEUP | (hasLongFrames ? XdpSocket.XDP_USE_SG : 0);
    }

    /** How it went, for people. */
    String description() {
        return description;
    }

    /**
     * Binds one socket.
     *
     * @throws SysException when the kernel refuses, or has no zero-copy and nothing less was asked for
     */
    void bind(XdpSocket socket, int queue) {
        String why = "";
        if (triesZeroCopy) {
            int answer = bindWhenFree(socket, queue, XdpSocket.XDP_ZEROCOPY);
            if (answer == 0) {
                description = "zero-copy";
                return;
            }
            why = answer == -Errno.EOPNOTSUPP ? "the driver cannot" : Errno.name(-answer);
            if (asked == AfXdpMode.NATIVE_WITH_ZEROCOPY || answer == -Errno.EBUSY) {
                throw refused(queue, -answer, "mode best-effort would let the kernel copy");
            }
        }
        int answer = bindWhenFree(socket, queue, XdpSocket.XDP_COPY);
        if (answer < 0) {
            throw refused(queue, -answer, "");
        }
        description = "copied by the kernel" + (why.isEmpty() ? "" : " (zero-copy refused: " + why + ")");
    }

    private int bindWhenFree(XdpSocket socket, int queue, int flag) {
        long deadlineNs = System.nanoTime() + BUSY_PATIENCE_NS;
        int answer = socket.bind(link.index(), queue, commonFlags | flag);
        while (answer == -Errno.EBUSY && System.nanoTime() < deadlineNs) {
            LockSupport.parkNanos(BUSY_PAUSE_NS);
            answer = socket.bind(link.index(), queue, commonFlags | flag);
        }
        return answer;
    }

    private SysException refused(int queue, int errno, String otherAdvice) {
        boolean mayBeTooOld = errno == Errno.EINVAL && (commonFlags & XdpSocket.XDP_USE_SG) != 0;
        String advice = errno == Errno.EBUSY
                ? "another AF_XDP socket has this queue; end the process that holds it"
                : mayBeTooOld
                        ? "frames longer than a page need Linux 6.6; lower the MTU of " + link.mtuBytes()
                        : otherAdvice;
        return new SysException("bind of an AF_XDP socket to " + link.name() + " queue " + queue, errno, advice);
    }
}
