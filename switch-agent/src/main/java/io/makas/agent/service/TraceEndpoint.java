// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.makas.dataplane.Datapath;
import io.makas.dataplane.PortInfo;
import io.makas.dataplane.sys.Memory;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyExtractor;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Trace;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import io.makas.v1.TraceAction;
import io.makas.v1.TraceChange;
import io.makas.v1.TraceDifference;
import io.makas.v1.TraceNearMiss;
import io.makas.v1.TraceOutput;
import io.makas.v1.TraceRequest;
import io.makas.v1.TraceResponse;
import io.makas.v1.TraceServiceGrpc.TraceServiceImplBase;
import io.makas.v1.TraceStep;
import java.lang.foreign.Arena;

/** Serves {@code makas.v1.TraceService}. Thread: any virtual one. */
final class TraceEndpoint extends TraceServiceImplBase {

    private static final int MIN_FRAME_BYTES = 14;
    private static final int MAX_FRAME_BYTES = 65_535;

    private final Datapath datapath;

    TraceEndpoint(Datapath datapath) {
        this.datapath = datapath;
    }

    @Override
    public void trace(TraceRequest request, StreamObserver<TraceResponse> reply) {
        long[] key = switch (request.getPacketCase()) {
            case FRAME -> keyOfFrame(request.getFrame(), request.getInPort());
            case FLOW -> keyOfFlow(request.getFlow(), request.getInPort());
            case PACKET_NOT_SET -> throw Failures.invalid("give the packet, as 'frame' or as 'flow'");
        };
        checkPort((int) Field.IN_PORT.in(key));
        reply.onNext(message(datapath.pipeline().trace(key)));
        reply.onCompleted();
    }

    private void checkPort(int number) {
        if (number == 0) {
            throw Failures.invalid("give the port that the packet comes in by: in_port");
        }
        for (PortInfo port : datapath.ports()) {
            if (port.number() == number) {
                return;
            }
        }
        throw Status.NOT_FOUND
                .withDescription("there is no port number " + Integer.toUnsignedString(number)
                        + " that the packet could come in by; 'makas port list' shows the ports")
                .asRuntimeException();
    }

    private static long[] keyOfFrame(ByteString frame, int inPort) {
        if (frame.size() < MIN_FRAME_BYTES || frame.size() > MAX_FRAME_BYTES) {
            throw Failures.invalid("a frame of " + frame.size() + " bytes; it must have " + MIN_FRAME_BYTES + " to "
                    + MAX_FRAME_BYTES + ", from the Ethernet header on");
        }
        long[] key = new long[KeyLayout.WORDS];
        try (Arena arena = Arena.ofConfined()) {
            // The workers' own segment, not one of an array: their compiled code must not learn of a second kind.
            long address = arena.allocate(frame.size()).address();
            Memory.copyIn(frame.toByteArray(), 0, address, frame.size());
            KeyExtractor.extract(Memory.ALL, address, frame.size(), inPort, key, 0);
        }
        return key;
    }

    private static long[] keyOfFlow(String flow, int inPort) {
        long[] key;
        try {
            key = FlowText.parseKey(flow);
        } catch (FlowTextException e) {
            throw Failures.invalid("character " + e.column() + ": " + e.getMessage());
        }
        int inFlow = (int) Field.IN_PORT.in(key);
        if (inPort != 0 && inFlow != 0 && inPort != inFlow) {
            throw Failures.invalid("in_port is " + Integer.toUnsignedString(inPort) + ", but "
                    + Integer.toUnsignedString(inFlow) + " in the flow; give one");
        }
        if (inPort != 0) {
            key[Field.IN_PORT.word()] |= Integer.toUnsignedLong(inPort) << Field.IN_PORT.shift();
        }
        return key;
    }

    private static TraceResponse message(Trace trace) {
        var message = TraceResponse.newBuilder()
                .setMegaflow(trace.megaflowText())
                .setActions(trace.actionsText())
                .setDropReason(
                        trace.dropReason() == null ? "" : trace.dropReason().label())
                .setText(trace.text())
                .setJson(trace.json())
                .setPacket(trace.packetText());
        for (Trace.Event event : trace.actionSet()) {
            TraceAction action = action(event);
            message.addActionSet(action.getText()).addActionSetActions(action);
        }
        for (Trace.Step step : trace.steps()) {
            message.addSteps(step(step));
        }
        for (Trace.Sent sent : trace.sent()) {
            message.addOutputs(TraceOutput.newBuilder().setPort(sent.port()).setPacket(sent.packet()));
        }
        return message.build();
    }

    private static TraceStep step(Trace.Step step) {
        var message = TraceStep.newBuilder()
                .setTable(step.table())
                .setMatched(step.entry() != null)
                .setFlow(step.flowText())
                .setDecidedBy(FlowText.format(step.decidedBy()));
        if (step.entry() != null) {
            message.setCookie(step.entry().cookie());
        }
        for (Trace.NearMiss miss : step.nearMisses()) {
            var nearMiss = TraceNearMiss.newBuilder()
                    .setFlow(miss.flowText())
                    .setCookie(miss.entry().cookie());
            for (Trace.Difference each : miss.differences()) {
                nearMiss.addDifferences(TraceDifference.newBuilder()
                        .setField(each.field())
                        .setWanted(each.wanted())
                        .setActual(each.actual()));
            }
            message.addNearMisses(nearMiss);
        }
        if (!step.meterText().isEmpty()) {
            message.addActions(TraceAction.newBuilder().setText(step.meterText()));
        }
        for (Trace.Event event : step.executed()) {
            message.addActions(action(event));
        }
        if (!step.otherInstructions().isEmpty()) {
            message.addActions(TraceAction.newBuilder().setText(step.otherInstructions()));
        }
        return message.build();
    }

    private static TraceAction action(Trace.Event event) {
        var message = TraceAction.newBuilder();
        switch (event) {
            case Trace.Step step -> message.addWithin(step(step));
            case Trace.Part part -> {
                message.setText(part.title());
                part.within().forEach(inner -> addWithin(message, inner));
            }
            case Trace.Executed executed -> {
                message.setText(executed.text());
                for (Trace.Change change : executed.changes()) {
                    message.addChanges(TraceChange.newBuilder()
                            .setField(change.field())
                            .setBefore(change.before())
                            .setAfter(change.after()));
                }
                executed.within().forEach(inner -> addWithin(message, inner));
            }
        }
        return message.build();
    }

    private static void addWithin(TraceAction.Builder message, Trace.Event inner) {
        if (inner instanceof Trace.Step step) {
            message.addWithin(step(step));
        } else {
            message.addActions(action(inner));
        }
    }
}
