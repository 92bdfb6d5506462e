// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.match;

import io.makas.flow.key.Field;

/** A match that cannot be: which field, and why. The kinds are those of OpenFlow's {@code ofp_bad_match_code}. */
public final class MatchException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Kind {
        /** The value is out of the field's range. */
        BAD_VALUE,
        /** A bit is set in the value that the mask leaves out. */
        BAD_WILDCARDS,
        /** A mask on a field that must match exactly. */
        BAD_MASK,
        /** The field means nothing without another one that is missing. */
        BAD_PREREQUISITE,
        /** The field, or a part of it, is there twice. */
        DUPLICATE_FIELD
    }

    private final Kind kind;
    private final Field field;

    /** Says what is wrong with a field. */
    public MatchException(Kind kind, Field field, String message) {
        super(field.text() + ": " + message);
        this.kind = kind;
        this.field = field;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }

    /** With which field. */
    public Field field() {
        return field;
    }
}
