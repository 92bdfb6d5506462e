// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.meter;

import io.makas.flow.table.PipelineMod;

/** One edit of the meters ({@code ofp_meter_mod}, OpenFlow 1.3.5 §6.6). Immutable. */
public sealed interface MeterMod extends PipelineMod {

    /** Adds a meter; there must be none with its id. */
    record Add(Meter meter) implements MeterMod {}

    /** Gives a meter other bands, which start full. Its counters go on, those of its bands begin anew. */
    record Modify(Meter meter) implements MeterMod {}

    /** Deletes a meter, and the flows that refer to it. No meter is no error. */
    record Delete(int id) implements MeterMod {}

    /** Deletes all meters, and the flows that refer to one. */
    record DeleteAll() implements MeterMod {}
}
