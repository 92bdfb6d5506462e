// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.meter;

import io.makas.flow.action.ProgramRunner;
import io.makas.flow.table.TrafficCounter;
import java.util.ArrayList;
import java.util.List;

/**
 * A meter at work: a token bucket for each band, and what it has seen. A packet takes from the bucket of each band; a band
 * whose bucket has too little is exceeded, and of the exceeded ones that with the highest rate acts. Buckets start full.
 *
 * <p>An edit of the meter makes another entry, which takes over the meter's counters.
 *
 * <p>Threads: any number of workers let packets pass at once, without locks and without allocating.
 */
public final class MeterEntry {

    /** No band. */
    private static final int NONE = -1;

    private final Meter meter;
    private final long createdNs;
    private final TrafficCounter passed;
    private final TokenBucket[] buckets;
    private final TrafficCounter[] bandCounters;

    private MeterEntry(Meter meter, long createdNs, TrafficCounter passed, long nowNs) {
        this.meter = meter;
        this.createdNs = createdNs;
        this.passed = passed;
        this.buckets = new TokenBucket[meter.bands().size()];
        this.bandCounters = new TrafficCounter[buckets.length];
        for (int i = 0; i < buckets.length; i++) {
            MeterBand band = meter.bands().get(i);
            buckets[i] = new TokenBucket(band.rate(), meter.burst() ? band.burstSize() : band.rate(), nowNs);
            bandCounters[i] = new TrafficCounter();
        }
    }

    /** A new meter. */
    public static MeterEntry added(Meter meter, long nowNs) {
        return new MeterEntry(meter, nowNs, new TrafficCounter(), nowNs);
    }

    /** This meter with other bands. */
    public MeterEntry modified(Meter newMeter, long nowNs) {
        return new MeterEntry(newMeter, createdNs, passed, nowNs);
    }

    /** The meter. */
    public Meter meter() {
        return meter;
    }

    /** Whether some band changes packets instead of dropping them. */
    public boolean remarks() {
        for (MeterBand band : meter.bands()) {
            if (band.type() == MeterBand.Type.DSCP_REMARK) {
                return true;
            }
        }
        return false;
    }

    /**
     * Measures a packet.
     *
     * @param nowNs when it came, on the pipeline's clock
     * @param bytes its length from Ethernet header to payload
     * @return {@link ProgramRunner.Sink#METER_DROP}, or by how much its drop precedence is to rise, usually 0
     */
    public int pass(long nowNs, int bytes) {
        passed.add(1, bytes);
        long cost = switch (meter.unit()) {
            case KBPS -> bytes * TokenBucket.COST_OF_BYTE;
            case PKTPS -> TokenBucket.COST_OF_PACKET;
        };
        int acting = NONE;
        for (int i = 0; i < buckets.length; i++) {
            boolean isExceeded = !buckets[i].take(nowNs, cost);
            if (isExceeded && (acting == NONE || buckets[i].rate() > buckets[acting].rate())) {
                acting = i;
            }
        }
        if (acting == NONE) {
            return 0;
        }
        bandCounters[acting].add(1, bytes);
        MeterBand band = meter.bands().get(acting);
        return switch (band.type()) {
            case DROP -> ProgramRunner.Sink.METER_DROP;
            case DSCP_REMARK -> band.precedenceLevel();
        };
    }

    /**
     * The meter and its counters as they are now.
     *
     * @param flows how many flows refer to it
     */
    public MeterStatistics statistics(int flows, long nowNs) {
        List<TrafficCounter.Count> bands = new ArrayList<>();
        for (TrafficCounter counter : bandCounters) {
            bands.add(counter.count());
        }
        return new MeterStatistics(meter, flows, passed.count(), bands, nowNs - createdNs);
    }
}
