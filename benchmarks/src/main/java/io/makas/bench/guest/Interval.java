// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.guest;

/**
 * What a generator did in a stretch of time.
 *
 * @param elapsedNs how long it was
 * @param waitingNs how long it could neither send nor receive anything, because the switch was not that far yet
 * @param sent frames sent
 * @param received frames received
 * @param checked frames received that were looked at
 */
public record Interval(long elapsedNs, long waitingNs, long sent, long received, long checked) {

    private static final double NS_PER_US = 1e3;

    /** Frames received, million a second. */
    public double mpps() {
        return elapsedNs == 0 ? 0 : received * NS_PER_US / elapsedNs;
    }

    /** Frames that it could have sent had the switch always been ready, million a second: what was sent while it did not wait. */
    public double offeredMpps() {
        return elapsedNs == waitingNs ? 0 : sent * NS_PER_US / (elapsedNs - waitingNs);
    }

    /** Share of the time that it waited for the switch. */
    public double waitingShare() {
        return elapsedNs == 0 ? 0 : (double) waitingNs / elapsedNs;
    }

    /** Two stretches as one. */
    public Interval plus(Interval other) {
        return new Interval(
                elapsedNs + other.elapsedNs,
                waitingNs + other.waitingNs,
                sent + other.sent,
                received + other.received,
                checked + other.checked);
    }
}
