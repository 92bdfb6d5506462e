// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.meter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A bucket that fills with tokens at a rate, up to a size, and from which packets take. It starts full, and is filled when
 * somebody takes.
 *
 * <p>Tokens are so small that a rate of 1 a second is 1 token a nanosecond: 10⁻⁶ of a bit, or 10⁻⁹ of a packet. So nothing is
 * rounded. What the bucket holds is the difference of two counts of tokens since its beginning: those that came by now, which
 * is rate times age, and those that came by when it would have been empty, {@code emptyAt}. That one number is all that takers
 * change. Both counts wrap around; {@link #HORIZON} tells how seldom somebody must look for that not to matter, and who comes
 * later than that finds the bucket full.
 *
 * <p>Threads: any, without locks. If none took for longer than the horizon, which is more than a second at the largest rate
 * and ten days at a gigabit, and then two do at the same instant, the bucket may be filled twice.
 */
final class TokenBucket {

    /** Tokens that a byte costs in a bucket of kilobits. */
    static final long COST_OF_BYTE = 8_000_000L;

    /** Tokens that a packet costs in a bucket of packets. */
    static final long COST_OF_PACKET = 1_000_000_000L;

    private static final long TOKENS_IN_UNIT = 1_000_000_000L;

    /** Tokens that may come between two looks at the bucket. With the largest size, 2³² units, they fit into a long. */
    private static final long HORIZON = 1L << 62;

    private static final VarHandle EMPTY_AT = handle("emptyAt");
    private static final VarHandle SEEN_NS = handle("seenNs");

    private final long rate;
    private final long size;
    private final long beginNs;
    private final long horizonNs;

    /** Written by whoever takes. */
    private volatile long emptyAt;

    /** When somebody last made sure that {@link #emptyAt} is not too long ago. */
    private volatile long seenNs;

    /**
     * A full bucket.
     *
     * @param rate kilobits or packets a second, 1 to 2³²-1
     * @param burst kilobits or packets that it holds, 1 to 2³²-1
     */
    TokenBucket(long rate, long burst, long nowNs) {
        this.rate = rate;
        this.size = burst * TOKENS_IN_UNIT;
        this.beginNs = nowNs;
        this.horizonNs = HORIZON / rate;
        this.emptyAt = -size;
        this.seenNs = nowNs;
    }

    /** Kilobits or packets a second. */
    long rate() {
        return rate;
    }

    /** Takes tokens, if there are so many; says whether. */
    boolean take(long nowNs, long tokens) {
        long came = rate * (nowNs - beginNs);
        if (nowNs - seenNs > horizonNs / 2) {
            look(nowNs, came);
        }
        while (true) {
            long seen = emptyAt;
            // What came more than the bucket holds is lost.
            long from = came - seen > size ? came - size : seen;
            if (came - from < tokens) {
                return false;
            }
            if (EMPTY_AT.compareAndSet(this, seen, from + tokens)) {
                return true;
            }
        }
    }

    private void look(long nowNs, long came) {
        long lastNs = seenNs;
        if (!SEEN_NS.compareAndSet(this, lastNs, nowNs)) {
            return;
        }
        long seen = emptyAt;
        if (nowNs - lastNs > horizonNs || came - seen > size) {
            EMPTY_AT.compareAndSet(this, seen, came - size);
        }
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(TokenBucket.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
