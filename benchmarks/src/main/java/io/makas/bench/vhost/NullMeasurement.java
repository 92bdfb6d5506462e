// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import io.makas.bench.guest.Generator;
import io.makas.bench.guest.GuestDevice;
import io.makas.bench.guest.Interval;
import io.makas.bench.guest.NullSwitch;
import java.util.concurrent.TimeUnit;

/** What the generator offers a switch that does nothing but count, in the same place and with the same traffic. */
final class NullMeasurement {

    private static final long WARM_UP_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MEASURED_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private NullMeasurement() {}

    /** Frames a second, in millions. */
    static double mpps(VhostOptions options, Traffic traffic, PinnedThread thread) throws InterruptedException {
        int frameBytes = options.peer().frameBytes();
        try (GuestDevice first = new GuestDevice(options.peer().ringSize(), frameBytes);
                GuestDevice second = new GuestDevice(options.peer().ringSize(), frameBytes);
                PinnedThread sink =
                        new PinnedThread("makas-null-switch", options.peer().switchCore())) {
            first.fill(traffic.frame());
            NullSwitch nothing = new NullSwitch(first, second, frameBytes);
            Generator generator = new Generator(first, second, traffic.there(), traffic.stream(), _ -> null);
            sink.start(nothing::run);
            try {
                thread.call(() -> generator.run(WARM_UP_NS));
                Interval interval = thread.call(() -> generator.run(MEASURED_NS));
                return interval.mpps();
            } finally {
                nothing.stop();
                sink.call(() -> null);
            }
        }
    }
}
