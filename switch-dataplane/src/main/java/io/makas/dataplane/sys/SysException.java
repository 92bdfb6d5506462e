// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

/**
 * Something could not be set up: a library, a kernel object, an interface. The message names the call, the value, the
 * errno, and what to do about it. Never thrown for what happens on the data path.
 */
public final class SysException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int errno;

    /** An error that has no errno. */
    public SysException(String message) {
        super(message);
        this.errno = 0;
    }

    /**
     * A call that failed.
     *
     * @param call the call and its values, e.g. {@code bind of an AF_XDP socket to mk0 queue 0}
     * @param errno positive error number
     * @param advice what the reader can do, or the empty string
     */
    public SysException(String call, int errno, String advice) {
        super(call + " failed: " + Errno.name(errno) + (advice.isEmpty() ? "" : "; " + advice));
        this.errno = errno;
    }

    private SysException(String message, int errno, Throwable cause) {
        super(message, cause);
        this.errno = errno;
    }

    /** The same error with something more to say about it. */
    SysException with(String addition) {
        return new SysException(getMessage() + "; " + addition, errno, this);
    }

    /** The error number of the call that failed, or 0. Compare with the constants of {@link Errno}. */
    public int errno() {
        return errno;
    }
}
