// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Instructions;
import io.makas.flow.meter.Meter;
import io.makas.flow.meter.MeterBand;
import io.makas.flow.meter.MeterEntry;
import io.makas.flow.meter.MeterMod;
import io.makas.flow.table.FlowModException.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * The meters of the next version in the making.
 *
 * <p>Thread: the control thread that holds the lock of {@link FlowTables}.
 */
final class MeterEdit {

    /** Meters that there can be. */
    static final int MAX_METERS = 65_536;

    private static final int MAX_PRECEDENCE_LEVEL = 255;

    private final long nowNs;
    private final IdMap<MeterEntry> before;
    private IdMap<MeterEntry> meters;

    MeterEdit(IdMap<MeterEntry> meters, long nowNs) {
        this.before = meters;
        this.meters = meters;
        this.nowNs = nowNs;
    }

    /** The meters as edited so far. */
    IdMap<MeterEntry> meters() {
        return meters;
    }

    boolean isEmpty() {
        return meters == before;
    }

    /** Carries out an edit; answers the meters that are no more. */
    List<Integer> carryOut(int index, MeterMod mod) throws FlowModException {
        switch (mod) {
            case MeterMod.Add(Meter meter) -> {
                check(index, meter);
                if (meters.get(meter.id()) != null) {
                    throw refused(index, Kind.METER_EXISTS, meter, "is there already; modify it, or delete it first");
                }
                if (meters.size() >= MAX_METERS) {
                    throw refused(
                            index, Kind.OUT_OF_METERS, meter, "is one more than the " + MAX_METERS + " that can be");
                }
                meters = meters.with(meter.id(), MeterEntry.added(meter, nowNs));
            }
            case MeterMod.Modify(Meter meter) -> {
                check(index, meter);
                MeterEntry old = meters.get(meter.id());
                if (old == null) {
                    throw refused(index, Kind.UNKNOWN_METER, meter, "is not there; add it first");
                }
                meters = meters.with(meter.id(), old.modified(meter, nowNs));
            }
            case MeterMod.Delete(int id) -> {
                if (meters.get(id) != null) {
                    meters = meters.without(id);
                    return List.of(id);
                }
            }
            case MeterMod.DeleteAll _ -> {
                List<Integer> all = new ArrayList<>();
                meters.forEach(entry -> all.add(entry.meter().id()));
                meters = all.isEmpty() ? meters : IdMap.empty();
                return all;
            }
        }
        return List.of();
    }

    private static void check(int index, Meter meter) throws FlowModException {
        int id = meter.id();
        if (id == Instructions.NO_METER || Integer.compareUnsigned(id, Instructions.MAX_METER) > 0) {
            throw refused(
                    index,
                    Kind.INVALID_METER,
                    meter,
                    "cannot be: ids are 1 to " + Integer.toUnsignedString(Instructions.MAX_METER));
        }
        int count = meter.bands().size();
        if (count == 0 || count > Meter.MAX_BANDS) {
            throw refused(
                    index, Kind.OUT_OF_BANDS, meter, "has " + count + " bands; 1 to " + Meter.MAX_BANDS + " can be");
        }
        for (int i = 0; i < count; i++) {
            check(index, meter, i, meter.bands().get(i));
        }
    }

    private static void check(int index, Meter meter, int number, MeterBand band) throws FlowModException {
        String text = "has a band, number " + number + ", ";
        if (band.rate() < 1 || band.rate() > MeterBand.MAX_RATE) {
            throw refused(
                    index,
                    Kind.BAD_METER_RATE,
                    meter,
                    text + "with rate " + band.rate() + "; rates are 1 to " + MeterBand.MAX_RATE);
        }
        if (meter.burst() && (band.burstSize() < 1 || band.burstSize() > MeterBand.MAX_RATE)) {
            throw refused(
                    index,
                    Kind.BAD_METER_BURST,
                    meter,
                    text + "with burst_size " + band.burstSize()
                            + "; where the meter has the burst flag, they are 1 to " + MeterBand.MAX_RATE);
        }
        if (!meter.burst() && band.burstSize() != 0) {
            throw refused(
                    index, Kind.BAD_METER_BURST, meter, text + "with a burst_size, but the meter has no burst flag");
        }
        boolean isRight = switch (band.type()) {
            case DROP -> band.precedenceLevel() == 0;
            case DSCP_REMARK -> band.precedenceLevel() >= 1 && band.precedenceLevel() <= MAX_PRECEDENCE_LEVEL;
        };
        if (!isRight) {
            throw refused(
                    index,
                    Kind.BAD_METER_BAND,
                    meter,
                    text + "of type " + band.type().text() + " with prec_level " + band.precedenceLevel()
                            + "; bands of type dscp_remark have 1 to " + MAX_PRECEDENCE_LEVEL + ", others none");
        }
    }

    private static FlowModException refused(int index, Kind kind, Meter meter, String message) {
        return new FlowModException(index, kind, "meter " + Integer.toUnsignedString(meter.id()) + " " + message);
    }
}
