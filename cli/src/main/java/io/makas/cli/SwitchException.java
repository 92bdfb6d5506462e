// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.grpc.Status.Code;
import io.makas.v1.FlowEditError;
import java.util.List;

/** The switch refused a call or could not be reached. The message says why, and what to do. */
public final class SwitchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Code code;
    private final transient List<FlowEditError> flowErrors;

    SwitchException(Code code, String message, List<FlowEditError> flowErrors, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.flowErrors = flowErrors;
    }

    /** What kind of refusal: INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, UNAVAILABLE, … */
    public Code code() {
        return code;
    }

    /** The edits of a refused bundle that are wrong, by rising index; empty if it was another call. */
    public List<FlowEditError> flowErrors() {
        return flowErrors;
    }
}
