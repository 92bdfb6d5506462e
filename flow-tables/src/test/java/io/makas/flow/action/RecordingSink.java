// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.makas.flow.pipeline.DropReason;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps a copy of all that leaves a program. */
final class RecordingSink implements ProgramRunner.Sink {

    record Output(int port, byte[] bytes, boolean last) {}

    record PacketIn(byte[] bytes, int maxBytes, int context) {}

    final List<Output> outputs = new ArrayList<>();
    final List<PacketIn> packetIns = new ArrayList<>();
    int doneCount;
    DropReason reason;

    static RecordingSink run(byte[] bytes, int headroomBytes, int... code) {
        byte[] room = new byte[headroomBytes + bytes.length];
        Arrays.fill(room, (byte) 0xee);
        System.arraycopy(bytes, 0, room, headroomBytes, bytes.length);
        Frame frame = new Frame();
        frame.set(MemorySegment.ofArray(room), headroomBytes, bytes.length, headroomBytes);
        RecordingSink sink = new RecordingSink();
        new ProgramRunner().run(new ActionProgram(code, code.length == 0 ? DropReason.FLOW_DROP : null), frame, sink);
        return sink;
    }

    /** The bytes of the only output. */
    byte[] only() {
        if (outputs.size() != 1) {
            throw new AssertionError(outputs.size() + " outputs, not 1");
        }
        return outputs.getFirst().bytes();
    }

    @Override
    public void output(int port, Frame frame, boolean last) {
        outputs.add(new Output(port, bytes(frame, frame.lengthBytes), last));
    }

    @Override
    public void controller(Frame frame, int maxBytes, int context) {
        packetIns.add(new PacketIn(bytes(frame, Math.min(maxBytes, frame.lengthBytes)), maxBytes, context));
    }

    @Override
    public void sample(Frame frame, int sample) {
        throw new AssertionError("sample " + sample);
    }

    @Override
    public int meter(Frame frame, int meter) {
        throw new AssertionError("meter " + meter);
    }

    @Override
    public Frame copy(Frame frame, int depth) {
        throw new AssertionError("copy");
    }

    @Override
    public void recirculate(Frame frame, int recirculation) {
        throw new AssertionError("recirculate " + recirculation);
    }

    @Override
    public void done(Frame frame, DropReason dropReason) {
        doneCount++;
        reason = dropReason;
    }

    private static byte[] bytes(Frame frame, int lengthBytes) {
        return frame.memory.asSlice(frame.address, lengthBytes).toArray(JAVA_BYTE);
    }
}
