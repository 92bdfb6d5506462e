// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

/**
 * An open file descriptor and who closes it: the holder of this object, once.
 *
 * <p>Thread: any.
 */
final class Descriptor implements AutoCloseable {

    private final int number;
    private boolean closed;

    /**
     * Takes over the answer of a call that opens something.
     *
     * @param answer a file descriptor, or −errno
     * @param call the call, for the message of an error
     * @param advice what to do about an error, or the empty string
     */
    Descriptor(int answer, String call, String advice) {
        if (answer < 0) {
            throw new SysException(call, -answer, advice);
        }
        this.number = answer;
    }

    /** The descriptor's number. Not to be used after {@link #close}: the kernel gives the number to someone else. */
    int number() {
        return number;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            LibcFiles.close(number);
        }
    }
}
