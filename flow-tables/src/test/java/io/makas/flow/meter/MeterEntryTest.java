// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.meter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.ProgramRunner;
import io.makas.flow.table.TrafficCounter;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Meters at work. The numbers in the names are those of the list of semantics in the OpenFlow notes. */
final class MeterEntryTest {

    private static final int PASS = 0;
    private static final int DROP = ProgramRunner.Sink.METER_DROP;
    private static final long S = 1_000_000_000L;

    private long nowNs = 123_456_789L;

    @Test
    void item25ShouldStartFullAndRefillAtItsRate() {
        MeterEntry meter = meter(Meter.Unit.PKTPS, MeterBand.drop(2, 3));

        assertEquals(3, passing(meter, 10), "the burst");
        nowNs += S / 2 - 1;
        assertEquals(0, passing(meter, 1));
        nowNs += 1;
        assertEquals(1, passing(meter, 2));
        nowNs += 100 * S;
        assertEquals(3, passing(meter, 10), "no more than the burst");
    }

    @Test
    void item25ShouldMeasureKilobitsOfWholeFrames() {
        MeterEntry meter = meter(Meter.Unit.KBPS, MeterBand.drop(8, 8));

        assertEquals(PASS, meter.pass(nowNs, 1_000));
        assertEquals(DROP, meter.pass(nowNs, 1));
        nowNs += S / 10;
        assertEquals(DROP, meter.pass(nowNs, 101));
        assertEquals(PASS, meter.pass(nowNs, 100));
    }

    @Test
    void item25ShouldAllowASecondOfItsRateAtOnceWithoutBurst() {
        Meter config = new Meter(1, Meter.Unit.PKTPS, false, false, List.of(MeterBand.drop(5, 0)));

        assertEquals(5, passing(MeterEntry.added(config, nowNs), 10));
    }

    @Test
    void item25ShouldLetTheBandOfTheHighestExceededRateAct() {
        MeterEntry meter =
                meter(Meter.Unit.PKTPS, MeterBand.drop(10, 3), MeterBand.remark(1, 1, 2), MeterBand.remark(5, 2, 1));

        assertEquals(PASS, meter.pass(nowNs, 64));
        assertEquals(2, meter.pass(nowNs, 64), "rate 1 exceeded");
        assertEquals(1, meter.pass(nowNs, 64), "rates 1 and 5 exceeded");
        assertEquals(DROP, meter.pass(nowNs, 64), "all exceeded");

        MeterStatistics statistics = meter.statistics(0, nowNs + S);
        assertEquals(new TrafficCounter.Count(4, 256), statistics.measured());
        assertEquals(
                List.of(
                        new TrafficCounter.Count(1, 64),
                        new TrafficCounter.Count(1, 64),
                        new TrafficCounter.Count(1, 64)),
                statistics.bands());
        assertEquals(S, statistics.durationNs());
    }

    @Test
    void item25ShouldCountOnButFillAnewWhenModified() {
        MeterEntry meter = meter(Meter.Unit.PKTPS, MeterBand.drop(1, 1));
        assertEquals(1, passing(meter, 3));

        MeterEntry modified = meter.modified(meter.meter(), nowNs);

        assertEquals(1, passing(modified, 2));
        assertEquals(5, modified.statistics(0, nowNs).measured().packets());
        assertEquals(1, modified.statistics(0, nowNs).bands().getFirst().packets());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldTakeWhatAnExactBucketTakesWhateverTheRateAndPauses(long seed) {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            long rate = Math.max(1, (random.nextLong() & MeterBand.MAX_RATE) >>> random.nextInt(32));
            long burst = Math.max(1, (random.nextLong() & MeterBand.MAX_RATE) >>> random.nextInt(32));
            nowNs = random.nextLong();
            TokenBucket bucket = new TokenBucket(rate, burst, nowNs);
            BigInteger size = BigInteger.valueOf(burst).multiply(BigInteger.valueOf(S));
            BigInteger held = size;
            for (int i = 0; i < 200; i++) {
                // Up to ten years, which the counts of tokens wrap around in.
                long pauseNs = random.nextLong(315_000_000L * S) >>> random.nextInt(60);
                nowNs += pauseNs;
                held = held.add(BigInteger.valueOf(rate).multiply(BigInteger.valueOf(pauseNs)))
                        .min(size);
                for (int j = random.nextInt(4); j > 0; j--) {
                    long cost = random.nextInt(65_536) * TokenBucket.COST_OF_BYTE;
                    boolean isThere = held.compareTo(BigInteger.valueOf(cost)) >= 0;
                    held = isThere ? held.subtract(BigInteger.valueOf(cost)) : held;
                    assertEquals(isThere, bucket.take(nowNs, cost), "rate " + rate + " burst " + burst);
                }
            }
        }
    }

    @Test
    void shouldPassAsMuchInAllWhenWorkersShareAMeter() throws InterruptedException {
        MeterEntry meter = meter(Meter.Unit.PKTPS, MeterBand.drop(1, 100_000));
        AtomicLong passed = new AtomicLong();
        Thread[] workers = new Thread[4];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Thread(() -> passed.addAndGet(passing(meter, 50_000)));
            workers[i].start();
        }
        for (Thread worker : workers) {
            worker.join();
        }

        assertEquals(100_000, passed.get());
        assertEquals(200_000, meter.statistics(0, nowNs).measured().packets());
        assertTrue(meter.statistics(0, nowNs).bands().getFirst().packets() == 100_000);
    }

    private MeterEntry meter(Meter.Unit unit, MeterBand... bands) {
        return MeterEntry.added(new Meter(1, unit, true, true, List.of(bands)), nowNs);
    }

    private int passing(MeterEntry meter, int packets) {
        int passed = 0;
        for (int i = 0; i < packets; i++) {
            passed += meter.pass(nowNs, 64) == PASS ? 1 : 0;
        }
        return passed;
    }
}
