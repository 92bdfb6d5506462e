// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.JsonObject;
import io.makas.bench.guest.RoundTrips;
import io.makas.bench.peer.Peer;
import io.makas.bench.traffic.PacketStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Measures how long a packet and its answer take through a switch, one pair after the other, while both ends poll. */
final class Latency {

    private static final long FIRST_WARM_UP_NS = TimeUnit.SECONDS.toNanos(4);

    private final Peer peer;
    private final PinnedThread thread;
    private final RoundTrips roundTrips;
    private boolean isWarm;

    Latency(Peer peer, Traffic traffic, PacketStream back, PinnedThread thread) {
        this.peer = peer;
        this.thread = thread;
        this.roundTrips = new RoundTrips(peer.first(), peer.second(), traffic.stream(), back);
        peer.first().fill(traffic.frame());
        peer.second().fill(traffic.answer());
    }

    /** What came out of a round: times in nanoseconds. */
    record Round(Histogram times, long lost, JsonObject counted) {

        private static final double NS_PER_US = 1e3;

        /** A percentile in microseconds. */
        double us(double percentile) {
            return times.getValueAtPercentile(percentile) / NS_PER_US;
        }

        JsonObject toJson() {
            JsonObject json = new JsonObject();
            json.addProperty("p50_us", Statistics.rounded(us(50)));
            json.addProperty("p99_us", Statistics.rounded(us(99)));
            json.addProperty("p999_us", Statistics.rounded(us(99.9)));
            json.addProperty("p9999_us", Statistics.rounded(us(99.99)));
            json.addProperty("max_us", Statistics.rounded(times.getMaxValue() / NS_PER_US));
            json.addProperty("mean_us", Statistics.rounded(times.getMean() / NS_PER_US));
            json.addProperty("samples", times.getTotalCount());
            json.addProperty("lost", lost);
            return json;
        }
    }

    Round measure(VhostOptions options) throws IOException, InterruptedException {
        peer.resume();
        peer.forget();
        long warmUpNs = TimeUnit.SECONDS.toNanos(options.warmUpSeconds());
        thread.call(() -> roundTrips.run(isWarm ? warmUpNs : Math.max(warmUpNs, FIRST_WARM_UP_NS)));
        isWarm = true;
        peer.beginCounting();
        Histogram times = thread.call(() -> roundTrips.run(TimeUnit.SECONDS.toNanos(options.seconds())));
        JsonObject counted = peer.counted();
        peer.pause();
        if (times.getTotalCount() == 0) {
            throw new IllegalStateException(
                    "through " + peer.name() + " no packet came back within a second: do the rules"
                            + " send to port 2 what comes in by port 1, and to port 1 what comes in by port 2?");
        }
        return new Round(times, roundTrips.lost(), counted);
    }
}
