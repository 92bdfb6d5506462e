// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.packet.Ipv4;
import io.makas.flow.packet.Ipv6;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.Mpls;
import io.makas.flow.packet.Vlan;
import io.makas.flow.pipeline.DropReason;

/**
 * Runs an {@link ActionProgram} on a frame.
 *
 * <p>The frame is looked at only when an operation changes more than its link header, and then once: tags that are pushed or
 * popped later only move what was found. Thread: one for each worker, which owns it. Allocates nothing.
 */
public final class ProgramRunner {

    private static final Field[] FIELDS = Field.values();

    /** What {@link #layers} is before a frame was looked at; no frame's network header lies at 0. */
    private static final long UNKNOWN = 0;

    private static final int NO_TTL = -1;

    private long layers;

    /** Bytes of tags pushed while {@link #layers} is unknown. */
    private int pushedBytes;

    /** The TTL, by the frame's type, of the IP header that an entry was just pushed in front of; 0 if the header does not count. */
    private int ttlBehindPushed;

    /** Where the packet goes. Implemented by the worker, by {@code trace} and by tests. */
    public interface Sink {

        /** What {@link #meter} answers when the frame is to be dropped. */
        int METER_DROP = -1;

        /**
         * Sends the frame as it is now. Unless {@code last}, the sink must copy it: later operations change it (an output is
         * a snapshot). With {@code last}, the buffer is the sink's again.
         */
        void output(int port, Frame frame, boolean last);

        /**
         * Hands up to {@code maxBytes} of the frame as it is now (0xffff: all of it) to the controllers. The sink must copy
         * them.
         *
         * @param context which packet-in context of the translation's operands
         */
        void controller(Frame frame, int maxBytes, int context);

        /**
         * Hands the frame as it is now to a collector, or not, as the sample's probability has it. The sink must copy it.
         *
         * @param sample which sample of the translation's operands
         */
        void sample(Frame frame, int sample);

        /**
         * Lets the frame pass a meter.
         *
         * @param meter which meter of the translation's operands
         * @return {@link #METER_DROP}, or by how much its drop precedence (RFC 2597) is to grow, usually 0
         */
        int meter(Frame frame, int meter);

        /**
         * A copy of the frame as it is now, in a buffer of its own with headroom, for a part of the program to run on; it ends
         * by an output that is the last, {@link #recirculate} or {@link #done}. Then its cursor may be used for the next one.
         *
         * @param depth how many copies are still on their way, this being a copy of the last of them: from 0 to
         *     {@link ActionProgram#MAX_CLONE_DEPTH} - 1
         * @return null if there is no buffer, which the sink counts; that part of the program is then left out
         */
        Frame copy(Frame frame, int depth);

        /**
         * Takes the frame to extract its key again and to go on with the walk that has this {@code recirc_id}; its buffer is the
         * sink's.
         */
        void recirculate(Frame frame, int recirculation);

        /**
         * The packet ended without {@code last}: its buffer is the sink's again. {@code reason} is why it, or what was still
         * to be done with it, was dropped; null if all was done.
         */
        void done(Frame frame, DropReason reason);
    }

    /**
     * Runs the program on a frame of at least 14 bytes; calls {@code sink} for each thing that leaves, then, unless there was
     * a last output or a recirculation, {@link Sink#done}. Afterwards {@code frame} may lie elsewhere in its buffer.
     */
    public void run(ActionProgram program, Frame frame, Sink sink) {
        if (program.soleOutput() != ActionProgram.NO_PORT) {
            sink.output(program.soleOutput(), frame, true);
            return;
        }
        layers = UNKNOWN;
        pushedBytes = 0;
        ttlBehindPushed = NO_TTL;
        int[] code = program.code();
        if (code.length == 0) {
            sink.done(frame, program.dropReason());
        } else {
            run(code, 0, code.length, frame, sink, 0);
        }
    }

    /**
     * Runs the operations from {@code from} to {@code to}.
     *
     * @param depth how many clones they lie in
     */
    private void run(int[] code, int from, int to, Frame frame, Sink sink, int depth) {
        int at = from;
        while (at < to) {
            switch (code[at]) {
                case ActionProgram.OP_OUTPUT -> {
                    sink.output(code[at + 1], frame, false);
                    at += 2;
                }
                case ActionProgram.OP_OUTPUT_LAST -> {
                    sink.output(code[at + 1], frame, true);
                    return;
                }
                case ActionProgram.OP_SET_FIELD -> {
                    setField(code, at, frame);
                    at += 6;
                }
                case ActionProgram.OP_PUSH_VLAN, ActionProgram.OP_PUSH_MPLS -> {
                    if (frame.headroomBytes < Vlan.TAG_BYTES) {
                        sink.done(frame, DropReason.NO_HEADROOM);
                        return;
                    }
                    push(code, at, frame);
                    at += 3;
                }
                case ActionProgram.OP_METER -> {
                    if (!passMeter(code[at + 1], frame, sink)) {
                        sink.done(frame, DropReason.METER);
                        return;
                    }
                    at += 2;
                }
                case ActionProgram.OP_CLONE -> {
                    int start = at + 2;
                    at = start + code[at + 1];
                    if (at == to) {
                        // Nobody comes after it to see what it changes.
                        run(code, start, at, frame, sink, depth);
                        return;
                    }
                    runOnCopy(code, start, at, frame, sink, depth);
                }
                case ActionProgram.OP_RECIRCULATE -> {
                    sink.recirculate(frame, code[at + 1]);
                    return;
                }
                case ActionProgram.OP_RECIRCULATE_BY_LENGTH -> {
                    sink.recirculate(frame, code[frame.longestSegmentBytes() > code[at + 1] ? at + 2 : at + 3]);
                    return;
                }
                default -> {
                    runOther(code, at, frame, sink);
                    at += ActionProgram.lengthOf(code[at]);
                }
            }
        }
        sink.done(frame, null);
    }

    /** Runs an operation that nothing ends with and nothing can go wrong with. */
    private void runOther(int[] code, int at, Frame frame, Sink sink) {
        switch (code[at]) {
            case ActionProgram.OP_SET_FIELD_128 -> setField128(code, at, frame);
            case ActionProgram.OP_POP_VLAN -> popVlan(frame);
            case ActionProgram.OP_DEC_TTL -> FieldSetter.decrementTtl(frame, layers(frame));
            case ActionProgram.OP_CONTROLLER -> sink.controller(frame, code[at + 1], code[at + 2]);
            case ActionProgram.OP_OUTPUT_TRUNCATED -> {
                int wholeBytes = frame.lengthBytes;
                frame.lengthBytes = Math.min(wholeBytes, code[at + 2]);
                sink.output(code[at + 1], frame, false);
                frame.lengthBytes = wholeBytes;
            }
            case ActionProgram.OP_SET_QUEUE -> frame.queue = code[at + 1];
            case ActionProgram.OP_POP_MPLS -> popMpls(code[at + 1], frame);
            case ActionProgram.OP_DEC_MPLS_TTL -> MplsSetter.decrementTtl(frame, layers(frame));
            case ActionProgram.OP_COPY_TTL_OUT -> copyTtlOut(frame);
            case ActionProgram.OP_COPY_TTL_IN -> MplsSetter.copyTtlIn(frame, layers(frame));
            case ActionProgram.OP_SAMPLE -> sink.sample(frame, code[at + 1]);
            default -> throw new IllegalStateException("no operation " + code[at]);
        }
    }

    private void runOnCopy(int[] code, int from, int to, Frame frame, Sink sink, int depth) {
        Frame copy = sink.copy(frame, depth);
        if (copy == null) {
            return;
        }
        copy.queue = frame.queue;
        long layersBefore = layers;
        int pushedBefore = pushedBytes;
        run(code, from, to, copy, sink, depth + 1);
        layers = layersBefore;
        pushedBytes = pushedBefore;
    }

    private boolean passMeter(int meter, Frame frame, Sink sink) {
        int levels = sink.meter(frame, meter);
        if (levels > 0) {
            FieldSetter.raiseDropPrecedence(frame, layers(frame), levels);
        }
        return levels != Sink.METER_DROP;
    }

    private void setField(int[] code, int at, Frame frame) {
        Field field = FIELDS[code[at + 1]];
        long value = join(code, at + 2);
        long mask = join(code, at + 4);
        if (!FieldSetter.setLink(frame, field, value, mask)) {
            FieldSetter.set(frame, layers(frame), field, value, mask);
        }
    }

    private void setField128(int[] code, int at, Frame frame) {
        Field field = FIELDS[code[at + 1]];
        long high = join(code, at + 2);
        long low = join(code, at + 4);
        FieldSetter.set128(frame, layers(frame), field, high, low, join(code, at + 6), join(code, at + 8));
    }

    private void push(int[] code, int at, Frame frame) {
        if (code[at] == ActionProgram.OP_PUSH_VLAN) {
            pushVlan(code[at + 1], code[at + 2], frame);
        } else {
            pushMpls(code[at + 1], code[at + 2], frame);
        }
    }

    private void pushVlan(int tpid, int tci, Frame frame) {
        frame.address = Vlan.push(frame.memory, frame.address, tpid, tci);
        grow(frame, Vlan.TAG_BYTES);
        if (layers == UNKNOWN) {
            pushedBytes += Vlan.TAG_BYTES;
        } else {
            layers = Layers.shift(layers, Vlan.TAG_BYTES);
        }
    }

    private void popVlan(Frame frame) {
        if (Vlan.count(frame.memory, frame.address, frame.lengthBytes) == 0) {
            return;
        }
        frame.address = Vlan.pop(frame.memory, frame.address);
        grow(frame, -Vlan.TAG_BYTES);
        if (layers == UNKNOWN) {
            pushedBytes = Math.max(0, pushedBytes - Vlan.TAG_BYTES);
        } else if (Layers.network(layers) < Ethernet.HEADER_BYTES + Vlan.TAG_BYTES) {
            // What an MPLS entry was popped from says that it is a tag.
            layers = UNKNOWN;
            pushedBytes = 0;
        } else {
            layers = Layers.shift(layers, -Vlan.TAG_BYTES);
        }
    }

    /** The entry goes behind all tags, as with Open vSwitch, so that flows can go on to match these. */
    private void pushMpls(int type, int entry, Frame frame) {
        int network = Layers.network(layers(frame));
        ttlBehindPushed = ttl(frame);
        frame.address = Mpls.push(frame.memory, frame.address, network, type, entry);
        grow(frame, Mpls.ENTRY_BYTES);
        layers = Layers.locate(frame.memory, frame.address, frame.lengthBytes, network);
    }

    /** The walk has one follow each entry pushed in front of IP, and goes by what the key said of the header. */
    private void copyTtlOut(Frame frame) {
        if (ttlBehindPushed == NO_TTL) {
            MplsSetter.copyTtlOut(frame, layers(frame));
        } else {
            MplsSetter.set(frame, layers(frame), Field.MPLS_TTL, ttlBehindPushed, Mpls.TTL_MASK);
            ttlBehindPushed = NO_TTL;
        }
    }

    private int ttl(Frame frame) {
        long header = frame.address + Layers.network(layers);
        boolean counts = Layers.hasTransport(layers);
        return switch (Layers.type(frame.memory, frame.address, layers)) {
            case Ethernet.TYPE_IPV4 -> counts ? Ipv4.ttl(frame.memory, header) : 0;
            case Ethernet.TYPE_IPV6 -> counts ? Ipv6.hopLimit(frame.memory, header) : 0;
            default -> NO_TTL;
        };
    }

    private void popMpls(int type, Frame frame) {
        if (!MplsSetter.hasEntry(frame, layers(frame))) {
            return;
        }
        int network = Layers.network(layers);
        frame.address = Mpls.pop(frame.memory, frame.address, network, type);
        grow(frame, -Mpls.ENTRY_BYTES);
        layers = Layers.locate(frame.memory, frame.address, frame.lengthBytes, network);
    }

    private static void grow(Frame frame, int bytes) {
        frame.lengthBytes += bytes;
        frame.headroomBytes -= bytes;
    }

    /** Looks at the frame as it was before tags were pushed, so that no more than its own are counted. */
    private long layers(Frame frame) {
        if (layers == UNKNOWN) {
            long own = Layers.locate(frame.memory, frame.address + pushedBytes, frame.lengthBytes - pushedBytes);
            layers = Layers.shift(own, pushedBytes);
        }
        return layers;
    }

    private static long join(int[] code, int at) {
        return (long) code[at] << 32 | code[at + 1] & 0xffff_ffffL;
    }
}
