// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.key.Field;
import io.makas.flow.match.Match;
import io.makas.flow.table.Footprint;

/**
 * The answer of a walk through the pipeline: what to do, for which packets, and whom to credit.
 *
 * <p>Correctness property: every packet whose key equals the walked key in the bits of {@code mask} gets the same program
 * from the same tables. A mask may have bits that did not matter (the megaflow is then narrower than it could be), but it
 * never lacks one that did.
 *
 * @param mask the bits of the received words that the walk looked at, {@code KeyLayout.RECEIVED_WORDS} long; not to be changed
 * @param program what to do
 * @param operands what numbers of the program stand for
 * @param credits whom to credit
 * @param generation the pipeline's generation that the walk saw: an answer of an older one may be wrong now, which
 *     {@link Pipeline#changes} tells by the footprint
 * @param cacheable false when the answer holds for this packet alone
 * @param footprint what the answer depends on
 */
public record Translation(
        long[] mask,
        ActionProgram program,
        Operands operands,
        Credits credits,
        long generation,
        boolean cacheable,
        Footprint footprint) {

    /** An answer that any change may alter. */
    public Translation(
            long[] mask,
            ActionProgram program,
            Operands operands,
            Credits credits,
            long generation,
            boolean cacheable) {
        this(mask, program, operands, credits, generation, cacheable, Footprint.ANYTHING);
    }

    /**
     * The packets that get this answer.
     *
     * @param key the packet that was asked for. If it is one as received, the match says nothing of
     *     {@link Field#RECIRC_ID}: it is about packets as received
     */
    public Match megaflow(long[] key) {
        if (Field.RECIRC_ID.in(key) != 0 || Field.RECIRC_ID.in(mask) == 0) {
            return Match.ofKey(key, mask);
        }
        long[] bits = mask.clone();
        bits[Field.RECIRC_ID.word()] &= ~Field.RECIRC_ID.wordMask();
        return Match.ofKey(key, bits);
    }
}
