// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * Error numbers of Linux by name, and the piece of memory into which a native call leaves its {@code errno}.
 *
 * <p>Calls of this package answer a count or a value, or −errno as the kernel itself does.
 *
 * <p>Thread: any; each thread has a piece of its own, made at its first call, so that nothing is allocated later.
 */
public final class Errno {

    /** {@code EPERM} of {@code asm-generic/errno-base.h}. */
    public static final int EPERM = 1;
    /** {@code ENOENT}. */
    public static final int ENOENT = 2;
    /** {@code ESRCH}. */
    public static final int ESRCH = 3;
    /** {@code EINTR}. */
    public static final int EINTR = 4;
    /** {@code ENXIO}. */
    public static final int ENXIO = 6;
    /** {@code EBADF}. */
    public static final int EBADF = 9;
    /** {@code EAGAIN}. */
    public static final int EAGAIN = 11;
    /** {@code ENOMEM}. */
    public static final int ENOMEM = 12;
    /** {@code EACCES}. */
    public static final int EACCES = 13;
    /** {@code EBUSY}. */
    public static final int EBUSY = 16;
    /** {@code EEXIST}. */
    public static final int EEXIST = 17;
    /** {@code ENODEV}. */
    public static final int ENODEV = 19;
    /** {@code EINVAL}. */
    public static final int EINVAL = 22;
    /** {@code ENOSPC}. */
    public static final int ENOSPC = 28;
    /** {@code ERANGE}. */
    public static final int ERANGE = 34;
    /** {@code EOPNOTSUPP} of {@code asm-generic/errno.h}. */
    public static final int EOPNOTSUPP = 95;
    /** {@code EADDRNOTAVAIL}. */
    public static final int EADDRNOTAVAIL = 99;
    /** {@code ENETDOWN}. */
    public static final int ENETDOWN = 100;
    /** {@code ENETUNREACH}. */
    public static final int ENETUNREACH = 101;
    /** {@code ECONNRESET}. */
    public static final int ECONNRESET = 104;
    /** {@code ENOBUFS}. */
    public static final int ENOBUFS = 105;

    /** Makes the linker keep errno for the caller; the handle then takes {@link #segment()} as its first argument. */
    static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle VALUE = LAYOUT.varHandle(PathElement.groupElement("errno"));

    private static final ThreadLocal<MemorySegment> SEGMENT =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(LAYOUT));

    /** Names by number, of {@code asm-generic/errno-base.h} and {@code asm-generic/errno.h}. */
    private static final String[] NAMES = ("""
            - EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK
            EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE
            EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP - ENOMSG EIDRM
            ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT
            - EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP
            EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ
            ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT
            ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH
            ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT
            ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM
            EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED
            EOWNERDEAD ENOTRECOVERABLE ERFKILL -
            """).split("\\s+");

    private Errno() {}

    /** The name and number of an error number, e.g. {@code EBUSY (16)}. */
    public static String name(int errno) {
        boolean known = errno > 0 && errno < NAMES.length && NAMES[errno].length() > 1;
        return known ? NAMES[errno] + " (" + errno + ")" : "errno " + errno;
    }

    /** Where the calls of this thread leave their errno. */
    static MemorySegment segment() {
        return SEGMENT.get();
    }

    /** The answer of a call, or −errno if the call answered −1. */
    static int result(int answer, MemorySegment captured) {
        return answer == -1 ? -(int) VALUE.get(captured, 0L) : answer;
    }

    /** The answer of a call, or −errno if the call answered −1. */
    static long result(long answer, MemorySegment captured) {
        return answer == -1 ? -(int) VALUE.get(captured, 0L) : answer;
    }
}
