// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

/**
 * How much later than asked the kernel may end the calling thread's sleeps, so as to end several at once: 50 µs unless changed.
 *
 * <p>Thread: the one whose sleeps are meant.
 */
public final class TimerSlack {

    private TimerSlack() {}

    /**
     * Sets the calling thread's slack. Where the kernel refuses, sleeps stay as coarse as they were.
     *
     * @param slackNs nanoseconds, from 1
     */
    public static void set(long slackNs) {
        LibcProcess.prctl(LibcProcess.PR_SET_TIMERSLACK, slackNs);
    }
}
