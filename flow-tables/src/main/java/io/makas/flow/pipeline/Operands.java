// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.PacketInContext;
import java.util.List;

/**
 * What the numbers in a translation's program stand for that are no numbers.
 *
 * @param packetIns what the controllers are told, for {@code OP_CONTROLLER}; not to be changed
 * @param samples which packets go to which collectors, for {@code OP_SAMPLE}; not to be changed
 * @param meters the meters, for {@code OP_METER}; not to be changed
 * @param kept what must be there while the program may still run, such as the interrupted walks that {@code OP_RECIRCULATE}
 *     names
 */
public record Operands(PacketInContext[] packetIns, Action.Sample[] samples, MeterPass[] meters, List<?> kept) {

    /** None: those of most programs. */
    public static final Operands NONE =
            new Operands(new PacketInContext[0], new Action.Sample[0], new MeterPass[0], List.of());
}
