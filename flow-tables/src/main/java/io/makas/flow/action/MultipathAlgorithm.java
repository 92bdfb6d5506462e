// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

/** How {@code multipath} chooses a link by a hash (ovs-actions(7)). */
public enum MultipathAlgorithm {
    /** Hash modulo links. */
    MODULO_N("modulo_n"),
    /** The range of hashes in as many equal parts as there are links. */
    HASH_THRESHOLD("hash_threshold"),
    /** The link whose own hash with the packet's is the highest. */
    HRW("hrw"),
    /** Hash again and again until the number is one of a link. */
    ITER_HASH("iter_hash");

    private final String text;

    MultipathAlgorithm(String text) {
        this.text = text;
    }

    /** The name in {@code ovs-ofctl} syntax. */
    public String text() {
        return text;
    }
}
