// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.makas.agent.log.Log;

/**
 * Stands around every call: what a handler throws as a refusal becomes the call's status, any other exception is a fault of
 * ours, which is logged and ends this call only. Thread: each call's.
 */
final class CallGuard implements ServerInterceptor {

    private static final Log LOG = Log.of("grpc");

    /** What a client is told of a fault of ours. */
    static StatusRuntimeException fault(RuntimeException e) {
        LOG.error("call failed", "cause", e);
        return Status.INTERNAL
                .withDescription("a fault in the switch (" + e + "); please report it with the switch's log")
                .asRuntimeException();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var guarded = new Guarded<>(call);
        return new SimpleForwardingServerCallListener<>(next.startCall(guarded, headers)) {
            @Override
            public void onMessage(Q message) {
                guarded.run(() -> super.onMessage(message));
            }

            @Override
            public void onHalfClose() {
                guarded.run(super::onHalfClose);
            }
        };
    }

    private static final class Guarded<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private boolean closed;

        Guarded(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed = true;
            LOG.debug(
                    "call",
                    "method",
                    getMethodDescriptor().getFullMethodName(),
                    "status",
                    status.getCode(),
                    "message",
                    status.getDescription());
            super.close(status, trailers);
        }

        void run(Runnable handler) {
            try {
                handler.run();
            } catch (StatusRuntimeException e) {
                closeOnce(e);
            } catch (RuntimeException e) {
                closeOnce(fault(e));
            }
        }

        private void closeOnce(StatusRuntimeException e) {
            if (!closed) {
                close(e.getStatus(), e.getTrailers() == null ? new Metadata() : e.getTrailers());
            }
        }
    }
}
