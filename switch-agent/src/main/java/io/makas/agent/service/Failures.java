// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import com.google.protobuf.Any;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.makas.dataplane.PortException;
import io.makas.flow.table.FlowModException;
import io.makas.v1.FlowEditError;
import io.makas.v1.FlowEditErrors;
import java.util.List;
import java.util.Locale;

/** Refusals as gRPC knows them: a status code, a message for people, details for programs. */
final class Failures {

    private Failures() {}

    /** A request that can never work. */
    static StatusRuntimeException invalid(String message) {
        return io.grpc.Status.INVALID_ARGUMENT.withDescription(message).asRuntimeException();
    }

    /** A port that could not be added or removed. */
    static StatusRuntimeException of(PortException e) {
        Code code = switch (e.kind()) {
            case ALREADY_EXISTS -> Code.ALREADY_EXISTS;
            case NOT_FOUND -> Code.NOT_FOUND;
            case INVALID -> Code.INVALID_ARGUMENT;
            case UNAVAILABLE -> Code.UNAVAILABLE;
        };
        return code.toStatus().withDescription(e.getMessage()).withCause(e).asRuntimeException();
    }

    /** A bundle that the pipeline refused. */
    static StatusRuntimeException of(FlowModException e) {
        Code code = switch (e.kind()) {
            case TABLE_FULL, OUT_OF_GROUPS, OUT_OF_BUCKETS, OUT_OF_METERS, OUT_OF_BANDS -> Code.RESOURCE_EXHAUSTED;
            case OVERLAP, CHAINED_GROUP -> Code.FAILED_PRECONDITION;
            case GROUP_EXISTS, METER_EXISTS -> Code.ALREADY_EXISTS;
            case UNKNOWN_GROUP, UNKNOWN_METER -> Code.NOT_FOUND;
            case BAD_TABLE_ID,
                    BAD_TIMEOUT,
                    BAD_IMPORTANCE,
                    BAD_PRIORITY,
                    BAD_FLAGS,
                    BAD_GOTO_TABLE,
                    BAD_OUT_PORT,
                    BAD_ACTION_TYPE,
                    BAD_ARGUMENT,
                    MATCH_INCONSISTENT,
                    BAD_SET_TYPE,
                    BAD_SET_ARGUMENT,
                    BAD_OUT_GROUP,
                    INVALID_GROUP,
                    WATCH_UNSUPPORTED,
                    BAD_WATCH,
                    BAD_BUCKET,
                    CHAIN_TOO_LONG,
                    GROUP_LOOP,
                    INVALID_METER,
                    BAD_METER_RATE,
                    BAD_METER_BURST,
                    BAD_METER_BAND -> Code.INVALID_ARGUMENT;
        };
        FlowEditError error = FlowEditError.newBuilder()
                .setIndex(e.index())
                .setKind(e.kind().name().toLowerCase(Locale.ROOT))
                .setMessage(e.getMessage())
                .build();
        return bundle(code, List.of(error));
    }

    /** A bundle with edits that cannot be understood, at least one. */
    static StatusRuntimeException bundle(Code code, List<FlowEditError> errors) {
        FlowEditError first = errors.getFirst();
        String place = first.getColumn() > 0 ? ", character " + first.getColumn() : "";
        return StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(code.value())
                .setMessage("edit " + first.getIndex() + place + ": " + first.getMessage())
                .addDetails(Any.pack(
                        FlowEditErrors.newBuilder().addAllErrors(errors).build()))
                .build());
    }
}
