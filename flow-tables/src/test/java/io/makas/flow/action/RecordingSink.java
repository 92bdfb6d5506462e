// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.makas.flow.pipeline.DropReason;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps a copy of all that leaves a program, and sees to it that each buffer is given back once. */
final class RecordingSink implements ProgramRunner.Sink {

    private static final int COPY_HEADROOM_BYTES = 64;

    /** Of the sink's own, in front of the headroom. */
    private static final int GUARD_BYTES = 16;

    private static final byte GUARD = (byte) 0xee;

    record Output(int port, byte[] bytes, boolean last, int queue) {}

    record Sample(byte[] bytes, int sample) {}

    record Recirculation(byte[] bytes, int id) {}

    record PacketIn(byte[] bytes, int maxBytes, int context) {}

    final List<Output> outputs = new ArrayList<>();
    final List<PacketIn> packetIns = new ArrayList<>();
    final List<Sample> samples = new ArrayList<>();
    final List<Recirculation> recirculations = new ArrayList<>();

    /** Meters that packets were to pass, in order. */
    final List<Integer> meters = new ArrayList<>();

    /** Why a packet, or a copy, ended, in order; null for those that had no more to do. */
    final List<DropReason> reasons = new ArrayList<>();

    int doneCount;
    DropReason reason;

    /** What the meters answer, in turn; 0 when there are no more. */
    private final List<Integer> meterAnswers = new ArrayList<>();

    private int buffers = Integer.MAX_VALUE;

    /** Cursors, one for each depth, and which of them are on their way. */
    private final List<Frame> copies = new ArrayList<>();

    private final List<Boolean> busy = new ArrayList<>();

    static RecordingSink run(byte[] bytes, int headroomBytes, int... code) {
        return new RecordingSink().with(bytes, headroomBytes, code);
    }

    /** Lets the meters answer so. */
    RecordingSink metering(Integer... answers) {
        meterAnswers.addAll(List.of(answers));
        return this;
    }

    /** Has no more than so many buffers for copies. */
    RecordingSink copying(int times) {
        buffers = times;
        return this;
    }

    /** Runs the code on a frame that has so many bytes of room before it, and none behind it. */
    RecordingSink with(byte[] bytes, int headroomBytes, int... code) {
        byte[] room = new byte[GUARD_BYTES + headroomBytes + bytes.length];
        Arrays.fill(room, GUARD);
        System.arraycopy(bytes, 0, room, GUARD_BYTES + headroomBytes, bytes.length);
        Frame frame = new Frame();
        frame.set(MemorySegment.ofArray(room), GUARD_BYTES + headroomBytes, bytes.length, headroomBytes);
        busy.add(true);
        copies.add(frame);
        new ProgramRunner().run(new ActionProgram(code, code.length == 0 ? DropReason.FLOW_DROP : null), frame, this);
        if (busy.contains(true)) {
            throw new AssertionError("buffers that were not given back: " + busy);
        }
        for (int at = 0; at < GUARD_BYTES; at++) {
            if (room[at] != GUARD) {
                throw new AssertionError("written in front of the headroom");
            }
        }
        return this;
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
        outputs.add(new Output(port, bytes(frame, frame.lengthBytes), last, frame.queue));
        if (last) {
            end(frame);
        }
    }

    @Override
    public void controller(Frame frame, int maxBytes, int context) {
        packetIns.add(new PacketIn(bytes(frame, Math.min(maxBytes, frame.lengthBytes)), maxBytes, context));
    }

    @Override
    public void sample(Frame frame, int sample) {
        samples.add(new Sample(bytes(frame, frame.lengthBytes), sample));
    }

    @Override
    public int meter(Frame frame, int meter) {
        meters.add(meter);
        return meterAnswers.size() < meters.size() ? 0 : meterAnswers.get(meters.size() - 1);
    }

    @Override
    public Frame copy(Frame frame, int depth) {
        if (buffers-- == 0) {
            return null;
        }
        while (copies.size() <= depth + 1) {
            copies.add(new Frame());
            busy.add(false);
        }
        if (copies.get(depth) != frame && depth > 0 || busy.get(depth + 1)) {
            throw new AssertionError("depth " + depth + " of " + busy);
        }
        Frame copy = copies.get(depth + 1);
        byte[] room = new byte[COPY_HEADROOM_BYTES + frame.lengthBytes];
        System.arraycopy(bytes(frame, frame.lengthBytes), 0, room, COPY_HEADROOM_BYTES, frame.lengthBytes);
        copy.set(MemorySegment.ofArray(room), COPY_HEADROOM_BYTES, frame.lengthBytes, COPY_HEADROOM_BYTES);
        busy.set(depth + 1, true);
        return copy;
    }

    @Override
    public void recirculate(Frame frame, int recirculation) {
        recirculations.add(new Recirculation(bytes(frame, frame.lengthBytes), recirculation));
        end(frame);
    }

    @Override
    public void done(Frame frame, DropReason dropReason) {
        doneCount++;
        reason = dropReason;
        reasons.add(dropReason);
        end(frame);
    }

    private void end(Frame frame) {
        int depth = copies.indexOf(frame);
        if (!busy.get(depth)) {
            throw new AssertionError("a buffer was given back twice");
        }
        busy.set(depth, false);
    }

    private static byte[] bytes(Frame frame, int lengthBytes) {
        return frame.memory.asSlice(frame.address, lengthBytes).toArray(JAVA_BYTE);
    }
}
