// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.JsonObject;
import io.makas.bench.guest.FrameCheck;
import io.makas.bench.guest.Generator;
import io.makas.bench.guest.Interval;
import io.makas.bench.peer.Peer;
import io.makas.bench.traffic.ArrivalCheck;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Measures how many packets a second a switch forwards from port 1 to port 2.
 *
 * <p>A round: the switch forgets all flows, then packets come until every flow was seen once and the warm-up is over (at the
 * first time: until compilers have been idle for a second of traffic, since Makas is compiled while it runs), then it counts.
 */
final class Throughput {

    /** The longest warm-up: a switch to which a million flows are a disaster would never end it. */
    static final long LONGEST_WARM_UP_NS = TimeUnit.SECONDS.toNanos(8);

    /** The longest one at first. */
    static final long LONGEST_FIRST_WARM_UP_NS = TimeUnit.SECONDS.toNanos(20);

    private static final long WINDOW_NS = TimeUnit.MILLISECONDS.toNanos(250);
    /** Time of compilers in a second that is no more than a method now and then. */
    private static final long FEW_MS = 20;

    private final Peer peer;
    private final Traffic traffic;
    private final PinnedThread thread;
    private final Generator generator;
    private boolean isCompiled;

    Throughput(Peer peer, Traffic traffic, PinnedThread thread) {
        this.peer = peer;
        this.traffic = traffic;
        this.thread = thread;
        FrameCheck check = peer.hasRules() ? traffic.check() : new ArrivalCheck(traffic.frame());
        this.generator = new Generator(peer.first(), peer.second(), traffic.there(), traffic.stream(), check);
        peer.first().fill(traffic.frame());
    }

    /** What came out of a round. */
    record Round(Interval interval, double warmUpSeconds, boolean wereFlowsSeen, long lost, JsonObject counted) {}

    Round measure(VhostOptions options) throws IOException, InterruptedException {
        peer.resume();
        peer.forget();
        if (peer.hasRules() && traffic.rules().learnsAddresses()) {
            thread.call(() -> {
                generator.announce(traffic.answer());
                return null;
            });
        }
        long receivedBefore = generator.received();
        Interval warmUp = warmUp(TimeUnit.SECONDS.toNanos(options.warmUpSeconds()));
        boolean wereFlowsSeen =
                generator.received() - receivedBefore >= traffic.stream().length();
        peer.beginCounting();
        long durationNs = TimeUnit.SECONDS.toNanos(options.seconds());
        Interval interval = thread.call(() -> generator.run(durationNs));
        long late = thread.call(generator::drain);
        JsonObject counted = peer.counted();
        peer.pause();
        if (interval.received() == 0) {
            throw new IllegalStateException(peer.name() + " forwarded nothing from port 1 to port 2 of "
                    + interval.sent() + " packets: do the rules send to port 2 what comes in by port 1?");
        }
        long lost = interval.sent() - interval.received() - late;
        return new Round(interval, warmUp.elapsedNs() / 1e9, wereFlowsSeen, lost, counted);
    }

    private Interval warmUp(long shortestNs) throws IOException, InterruptedException {
        Interval all = new Interval(0, 0, 0, 0, 0);
        long longestNs = isCompiled ? LONGEST_WARM_UP_NS : LONGEST_FIRST_WARM_UP_NS;
        while (all.elapsedNs() < longestNs) {
            all = all.plus(thread.call(() -> generator.run(WINDOW_NS)));
            boolean isLongEnough = all.elapsedNs() >= shortestNs
                    && all.received() >= traffic.stream().length();
            if (isLongEnough && (isCompiled || hasStoppedCompiling())) {
                break;
            }
        }
        isCompiled = true;
        return all;
    }

    /** Whether neither the switch nor we ourselves compiled much for a second of traffic. */
    private boolean hasStoppedCompiling() throws IOException, InterruptedException {
        long before = compiledMs();
        thread.call(() -> generator.run(TimeUnit.SECONDS.toNanos(1)));
        return compiledMs() - before < FEW_MS;
    }

    private long compiledMs() throws IOException {
        return peer.compiledMs() + ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
    }
}
