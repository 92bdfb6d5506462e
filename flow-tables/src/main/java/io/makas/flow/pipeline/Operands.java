// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.PacketInContext;

/**
 * What the numbers in a translation's program stand for that are no numbers.
 *
 * @param packetIns what the controllers are told, for {@code OP_CONTROLLER}; not to be changed
 */
public record Operands(PacketInContext[] packetIns) {

    /** None: those of most programs. */
    public static final Operands NONE = new Operands(new PacketInContext[0]);
}
