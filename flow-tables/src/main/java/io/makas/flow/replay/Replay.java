// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.replay;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.makas.flow.action.Action;
import io.makas.flow.action.Frame;
import io.makas.flow.action.PacketInContext;
import io.makas.flow.action.PacketInReason;
import io.makas.flow.action.ProgramRunner;
import io.makas.flow.cache.FlowCache;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyExtractor;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.MeterPass;
import io.makas.flow.pipeline.Operands;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.pipeline.Trace;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.table.FlowRemoved;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;

/**
 * A switch that runs when it is told to: each {@link #send} is one frame, at a time that the caller says.
 *
 * <pre>
 *   frame, port, time ──► expire ──► KeyExtractor ──► FlowCache ──miss──► Pipeline.translate
 *                                                        │                     │
 *                                                        └──► ActionProgram ◄──┘ ──► ProgramRunner ──► ReplayResult
 * </pre>
 *
 * <p>Everything between frame and result is what a worker runs. Here flows are credited packet by packet, and flows whose time
 * is over are gone before a packet of that time is looked up, so counters and timeouts are exact. State goes on from frame to
 * frame: counters, timeouts, learned addresses.
 *
 * <p>Thread: one, the caller's.
 */
public final class Replay {

    /** The longest frame, as long as OpenFlow's 16-bit lengths reach. */
    public static final int MAX_FRAME_BYTES = 0xffff;

    /** Megaflows for a run of many packets. */
    public static final int DEFAULT_MEGAFLOWS = 1 << 16;

    /** Room for pushed headers: what the kernel leaves in front of a frame of an {@code afxdp} port. */
    private static final int[] NO_TABLES = {};

    private static final int HEADROOM_BYTES = 256;

    private static final int MAX_EXACT_ENTRIES = 4_096;
    private static final long NS_IN_MS = 1_000_000;

    /** How often one packet may go round, and how many frames may wait for it: as many as a worker allows. */
    private static final int MAX_ROUNDS = 16;

    private static final int MAX_WAITING = 512;

    private final Pipeline pipeline;

    /** Null if every packet walks. */
    private final FlowCache cache;

    /** The answers of the cache's megaflows, by their places. */
    private final List<ReplayAnswer> cachedAnswers = new ArrayList<>();

    private final List<FlowRemoved> removed = new ArrayList<>();

    /** Where walks are written down; null while nobody wants to know. */
    private List<Trace> traces;

    private long nowNs;

    private final long[] key = new long[KeyLayout.WORDS];
    private final byte[] buffer = new byte[HEADROOM_BYTES + MAX_FRAME_BYTES];
    private final MemorySegment memory = MemorySegment.ofArray(buffer);
    private final Frame frame = new Frame();
    private final ProgramRunner runner = new ProgramRunner();
    private final Collector collector = new Collector();

    /**
     * Makes a switch without flows, at time 0.
     *
     * @param ports its ports
     * @param maxFlows how many flows there can be
     * @param megaflows how many answers are remembered at most; 0 to have every packet walk, which gives the same results
     */
    public Replay(Collection<PortState> ports, int maxFlows, int megaflows) {
        pipeline = new Pipeline(() -> nowNs, maxFlows);
        pipeline.setPorts(ports);
        cache = megaflows == 0
                ? null
                : new FlowCache(
                        Math.min(MAX_EXACT_ENTRIES, Integer.highestOneBit(Math.max(megaflows, 2))),
                        megaflows,
                        pipeline.changes());
    }

    /** The tables, to edit and to list. */
    public Pipeline pipeline() {
        return pipeline;
    }

    /** The time, on the pipeline's clock, which began at 0. */
    public long nowNs() {
        return nowNs;
    }

    /** The flows that timed out so far, in order. */
    public List<FlowRemoved> removed() {
        return List.copyOf(removed);
    }

    /**
     * Lets time pass: what is over at the new time goes.
     *
     * @throws IllegalArgumentException if the time lies before that of an earlier call
     */
    public void advanceTo(long timeNs) {
        if (timeNs < nowNs) {
            throw new IllegalArgumentException("time goes back from " + nowNs + " to " + timeNs + " ns");
        }
        if (timeNs > nowNs) {
            nowNs = timeNs;
            removed.addAll(pipeline.expire(timeNs));
        }
    }

    /**
     * Carries a frame through the switch.
     *
     * @param inPort the port that it comes in by
     * @param bytes the frame from its Ethernet header on, without frame check sequence, at most {@link #MAX_FRAME_BYTES}
     * @param timeMs when, in milliseconds; never less than before
     */
    public ReplayResult send(int inPort, byte[] bytes, long timeMs) {
        advanceTo(Math.multiplyExact(timeMs, NS_IN_MS));
        put(bytes);
        collector.begin();
        List<ReplayAnswer> answers = pass(inPort, 0, bytes.length);
        while (!collector.recirculated.isEmpty()) {
            Recirculated next = collector.recirculated.poll();
            frame.set(next.memory, next.address, next.lengthBytes, next.headroomBytes);
            frame.queue = next.queue;
            collector.rounds = next.round;
            List<ReplayAnswer> all = new ArrayList<>(answers);
            all.addAll(pass(inPort, next.id, bytes.length));
            answers = all;
        }
        return collector.result(answers);
    }

    /** Carries a frame through the switch, as {@link #send} does, and tells why what happens happens. */
    public ReplayExplanation explain(int inPort, byte[] bytes, long timeMs) {
        traces = new ArrayList<>();
        try {
            ReplayResult result = send(inPort, bytes, timeMs);
            return new ReplayExplanation(traces, result);
        } finally {
            traces = null;
        }
    }

    private void put(byte[] bytes) {
        if (bytes.length > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException(
                    "a frame of " + bytes.length + " bytes; " + MAX_FRAME_BYTES + " are the most");
        }
        System.arraycopy(bytes, 0, buffer, HEADROOM_BYTES, bytes.length);
        frame.set(memory, HEADROOM_BYTES, bytes.length, HEADROOM_BYTES);
    }

    /** Carries the frame to the end, or to where it is recirculated; answers what the pipeline said. */
    private List<ReplayAnswer> pass(int inPort, int recirculation, int receivedBytes) {
        int extent = extract(inPort, recirculation);
        if (extent == KeyExtractor.TOO_SHORT) {
            collector.done(frame, DropReason.FRAME_TOO_SHORT);
            return List.of();
        }
        if (traces != null) {
            traces.add(pipeline.trace(key));
        }
        ReplayAnswer answer = answer(extent);
        Translation translation = answer.translation();
        pipeline.credit(translation, 1, receivedBytes, nowNs);
        collector.operands = translation.operands();
        collector.meet(answer.tables());
        collector.receivedBytes = receivedBytes;
        runner.run(translation.program(), frame, collector);
        return List.of(answer);
    }

    /** Makes the key of the frame; answers its extent. */
    private int extract(int inPort, int recirculation) {
        Arrays.fill(key, 0);
        int extent = KeyExtractor.extract(frame.memory, frame.address, frame.lengthBytes, inPort, key, 0);
        if (recirculation == 0) {
            return extent;
        }
        key[Field.RECIRC_ID.word()] |= Integer.toUnsignedLong(recirculation) << Field.RECIRC_ID.shift();
        return KeyLayout.RECEIVED_WORDS;
    }

    private ReplayAnswer answer(int extent) {
        if (cache == null) {
            return ask();
        }
        cache.follow();
        int known = cache.lookup(key, 0, extent);
        if (known != FlowCache.UNKNOWN) {
            return cachedAnswers.get(known);
        }
        ReplayAnswer answer = ask();
        Translation translation = answer.translation();
        if (translation.cacheable() && translation.generation() >= cache.generation()) {
            int learned = cache.learn(key, 0, extent, translation);
            if (learned != FlowCache.UNKNOWN) {
                while (cachedAnswers.size() <= learned) {
                    cachedAnswers.add(null);
                }
                cachedAnswers.set(learned, answer);
            }
            forgetUnused();
        }
        return answer;
    }

    private ReplayAnswer ask() {
        Translation translation = pipeline.translate(key);
        return new ReplayAnswer(translation.megaflow(key), translation);
    }

    /** What was counted is credited packet by packet. */
    private void forgetUnused() {
        while (cache.nextUnused() != null) {
            cache.release();
        }
    }

    /** A frame that waits for its next pass: the round that it begins with it, from 1 on, and the walk that it goes on with. */
    private record Recirculated(
            int round, int id, MemorySegment memory, long address, int lengthBytes, int headroomBytes, int queue) {}

    /** Takes what a program sends. */
    private final class Collector implements ProgramRunner.Sink {

        private final Queue<Recirculated> recirculated = new ArrayDeque<>();
        private List<ReplayResult.Output> outputs;
        private List<ReplayResult.PacketIn> packetIns;
        private DropReason dropReason;

        /** What the numbers of the program stand for that runs. */
        private Operands operands;

        /** How long its packet was when it was received. */
        private int receivedBytes;

        /** The tables that were looked up, and those of them that a packet would only have reached behind a meter. */
        private int[] tables = NO_TABLES;

        private final BitSet unreached = new BitSet();

        /** Where the tables of the program that runs begin. */
        private int firstTable;

        /** How often the packet whose program runs has gone round. */
        private int rounds;

        private void begin() {
            outputs = new ArrayList<>(2);
            packetIns = List.of();
            dropReason = null;
            rounds = 0;
            tables = NO_TABLES;
            unreached.clear();
        }

        /** Takes down the tables of the program that runs next. */
        private void meet(int[] more) {
            firstTable = tables.length;
            if (firstTable == 0) {
                tables = more;
            } else {
                tables = Arrays.copyOf(tables, firstTable + more.length);
                System.arraycopy(more, 0, tables, firstTable, more.length);
            }
        }

        private int[] reachedTables() {
            return unreached.isEmpty()
                    ? tables
                    : IntStream.range(0, tables.length)
                            .filter(index -> !unreached.get(index))
                            .map(index -> tables[index])
                            .toArray();
        }

        private ReplayResult result(List<ReplayAnswer> answers) {
            return new ReplayResult(outputs, packetIns, reason(), answers, reachedTables());
        }

        private DropReason reason() {
            if (!outputs.isEmpty()) {
                return null;
            }
            for (ReplayResult.PacketIn each : packetIns) {
                if (each.reason() != PacketInReason.INVALID_TTL) {
                    return null;
                }
            }
            if (!packetIns.isEmpty()) {
                return DropReason.TTL_EXPIRED;
            }
            return dropReason == null ? DropReason.FLOW_DROP : dropReason;
        }

        @Override
        public void output(int port, Frame sent, boolean last) {
            outputs.add(new ReplayResult.Output(port, bytes(sent, sent.lengthBytes)));
        }

        @Override
        public void controller(Frame sent, int maxBytes, int context) {
            if (packetIns.isEmpty()) {
                packetIns = new ArrayList<>(1);
            }
            PacketInContext told = operands.packetIns()[context];
            int sentBytes = maxBytes == Action.Controller.WHOLE_PACKET
                    ? sent.lengthBytes
                    : Math.min(maxBytes, sent.lengthBytes);
            packetIns.add(new ReplayResult.PacketIn(
                    told.reason(), told.table(), told.cookie(), bytes(sent, sentBytes), sent.lengthBytes));
        }

        @Override
        public void sample(Frame sent, int sample) {
            // Nobody collects here.
        }

        @Override
        public int meter(Frame metered, int meter) {
            MeterPass pass = operands.meters()[meter];
            int levels = pass.pass(nowNs, metered.lengthBytes, receivedBytes);
            if (levels == METER_DROP) {
                unreached.set(firstTable + pass.firstTableBehind(), firstTable + pass.endTableBehind());
            }
            return levels;
        }

        @Override
        public Frame copy(Frame original, int depth) {
            byte[] room = new byte[HEADROOM_BYTES + original.lengthBytes];
            MemorySegment.copy(
                    original.memory, JAVA_BYTE, original.address, room, HEADROOM_BYTES, original.lengthBytes);
            Frame copy = new Frame();
            copy.set(MemorySegment.ofArray(room), HEADROOM_BYTES, original.lengthBytes, HEADROOM_BYTES);
            copy.queue = original.queue;
            return copy;
        }

        @Override
        public void recirculate(Frame again, int recirculation) {
            if (rounds == MAX_ROUNDS || recirculated.size() == MAX_WAITING) {
                done(again, DropReason.RECIRCULATION_LIMIT);
                return;
            }
            recirculated.add(new Recirculated(
                    rounds + 1,
                    recirculation,
                    again.memory,
                    again.address,
                    again.lengthBytes,
                    again.headroomBytes,
                    again.queue));
        }

        @Override
        public void done(Frame ended, DropReason reason) {
            if (dropReason == null) {
                dropReason = reason;
            }
        }

        private static byte[] bytes(Frame sent, int count) {
            byte[] copy = new byte[count];
            MemorySegment.copy(sent.memory, JAVA_BYTE, sent.address, copy, 0, count);
            return copy;
        }
    }
}
