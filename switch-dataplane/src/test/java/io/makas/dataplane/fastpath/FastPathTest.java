// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.fastpath;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.makas.dataplane.counter.DropCounters;
import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.NativeFramePool;
import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.PortConfig;
import io.makas.flow.action.ActionProgram;
import io.makas.flow.cache.FlowCache;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.Credits;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Operands;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.Translation;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Programs written by hand, in a cache that knows them, on frames from ports in memory. */
class FastPathTest {

    private static final int PORTS = 3;
    private static final int MAX_FRAME_BYTES = 9_018;

    private final Pipeline pipeline = new Pipeline(() -> 0, 10);
    private final FlowCache cache = new FlowCache(64, 64, pipeline.changes());
    private final DropCounters drops = new DropCounters();
    private final MemoryPort[] ports = new MemoryPort[PORTS + 1];
    private final OutputQueue[] queues = new OutputQueue[PORTS + 1];
    private final FastPath fastPath = new FastPath(cache, new SlowPath(pipeline, cache, () -> 0), drops, queues);
    private final FrameBatch batch = new FrameBatch();

    @BeforeEach
    void openPorts() {
        for (int number = 1; number <= PORTS; number++) {
            ports[number] = new MemoryPort(new PortConfig.Memory("m" + number));
            queues[number] = new OutputQueue(ports[number], number);
        }
    }

    @AfterEach
    void everyBufferShouldBeBack() {
        for (int number = 1; number <= PORTS; number++) {
            assertEquals(2 * MemoryPort.QUEUE_FRAMES, available(number), "buffers of port " + number);
            ports[number].close();
        }
    }

    @Test
    void shouldSendACloneAndThePacketEachAsItIs() {
        learn(0, cloned(pushVlan(7), last(2)), cloned(pushVlan(8), output(3)), last(3));

        carry(udp());

        assertArrayEquals(tagged(7), ports[2].collect());
        assertArrayEquals(tagged(8), ports[3].collect());
        assertArrayEquals(udp(), ports[3].collect());
    }

    @Test
    void shouldGoOnByTheKeyOfTheFrameAsItIsThen() {
        byte[] labelled = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .mpls(16, 0, true, 64)
                .payload(Arrays.copyOfRange(udp(), 14, udp().length))
                .build();
        learn(0, new int[] {ActionProgram.OP_POP_MPLS, 0x0800, ActionProgram.OP_RECIRCULATE, 5});
        long[] key = key(5);
        Arrays.fill(key, 3, 4, 0x0a00_0001_0a00_0002L);
        learn(key, Field.IP_DST, last(2));

        carry(labelled);

        assertArrayEquals(udp(), ports[2].collect());
        // A flow's bytes are those of the frame as it was received.
        assertEquals(1, cache.answerOf(1).packets);
        assertEquals(labelled.length, cache.answerOf(1).bytes);
    }

    @Test
    void shouldTellPacketsThatGoRoundFromOthersOfTheSameKey() {
        learn(0, recirculate(5));
        learn(5, pushVlan(9), recirculate(0xffff_fff0));
        learn(0xffff_fff0, last(2));

        for (int i = 0; i < 10; i++) {
            carry(udp(), udp());

            assertArrayEquals(tagged(9), ports[2].collect());
            assertArrayEquals(tagged(9), ports[2].collect());
            assertNull(ports[2].collect());
        }
        assertEquals(20, cache.answerOf(0).packets);
        assertEquals(20, cache.answerOf(2).packets);
    }

    @Test
    void shouldEndAPacketThatGoesRoundForEver() {
        learn(0, recirculate(5));
        learn(5, output(2), recirculate(5));

        carry(udp());

        assertEquals(1, drops.snapshot().get(DropReason.RECIRCULATION_LIMIT));
        assertEquals(RecirculationQueue.MAX_ROUNDS, cache.answerOf(1).packets);
    }

    @Test
    void shouldBoundRoundsThatMultiply() {
        learn(0, recirculate(5));
        learn(5, cloned(recirculate(5)), cloned(recirculate(5)), recirculate(5));

        carry(udp(), udp(), udp());

        long most = (long) RecirculationQueue.MAX_ROUNDS * RecirculationQueue.CAPACITY;
        assertTrue(cache.answerOf(1).packets <= most, cache.answerOf(1).packets + " packets");
        assertTrue(drops.snapshot().get(DropReason.RECIRCULATION_LIMIT) > 0);
    }

    @Test
    void shouldLeaveClonesOutWhenThereIsNoBuffer() {
        learn(0, cloned(pushVlan(7), last(2)), cloned(last(3)), last(2));

        long[] held = holdAllBut(1);
        carry(udp());

        assertEquals(2, drops.snapshot().get(DropReason.NO_BUFFER));
        assertArrayEquals(udp(), ports[2].collect());
        assertNull(ports[3].collect());
        ports[1].pool().release(held, 0, held.length);
    }

    @Test
    void shouldUseTheBufferOfACloneThatEndedForTheNextOne() {
        learn(0, cloned(pushVlan(7), last(2)), cloned(last(3)), last(2));

        long[] held = holdAllBut(2);
        carry(udp());

        assertArrayEquals(tagged(7), ports[2].collect());
        assertArrayEquals(udp(), ports[3].collect());
        assertArrayEquals(udp(), ports[2].collect());
        ports[1].pool().release(held, 0, held.length);
    }

    @Test
    void shouldGiveBackTheBuffersOfManyClonesThatGoNowhere() {
        int[][] clones = new int[500][];
        Arrays.fill(clones, cloned(pushVlan(1)));
        learn(0, join(clones), last(2));

        carry(udp(), udp());

        assertArrayEquals(udp(), ports[2].collect());
    }

    @Test
    void shouldDropAFrameThatBecomesTooLongForAPortAndSendItsFirstBytes() {
        byte[] longest = Arrays.copyOf(udp(), MAX_FRAME_BYTES);
        learn(0, pushVlan(1), new int[] {ActionProgram.OP_OUTPUT_TRUNCATED, 3, 100}, last(2));

        carry(longest);

        assertEquals(1, drops.snapshot().get(DropReason.FRAME_TOO_LONG));
        assertNull(ports[2].collect());
        assertArrayEquals(Arrays.copyOf(tagged(1), 100), ports[3].collect());
    }

    @Test
    void shouldCopyAFrameThatFillsItsBuffer() {
        byte[] longest = Arrays.copyOf(udp(), MAX_FRAME_BYTES);
        int[][] tags = new int[FramePool.MIN_HEADROOM_BYTES / 4][];
        Arrays.fill(tags, pushVlan(1));
        int[][] pops = new int[tags.length][];
        Arrays.fill(pops, new int[] {ActionProgram.OP_POP_VLAN});
        learn(0, join(tags), cloned(pushVlan(2), last(3)), cloned(join(pops), last(3)), join(pops), last(2));

        carry(longest);

        assertEquals(1, drops.snapshot().get(DropReason.NO_HEADROOM));
        assertArrayEquals(longest, ports[3].collect());
        assertArrayEquals(longest, ports[2].collect());
        assertNull(ports[3].collect());
    }

    @Test
    void shouldLetAClonesFrameGrowByNoMoreThanThePacketsCould() {
        int[][] tags = new int[FramePool.MIN_HEADROOM_BYTES / 4 / 2 + 1][];
        Arrays.fill(tags, pushVlan(7));
        int[] push = join(tags);
        learn(0, cloned(push, cloned(push, last(2)), last(2)), last(3));

        carry(udp());

        assertArrayEquals(udp(), ports[3].collect());
        assertEquals(1, drops.snapshot().get(DropReason.NO_HEADROOM));
    }

    @Test
    void shouldAllocateNothingWhenTheAnswersAreCached() {
        int[] labels = {
            ActionProgram.OP_PUSH_MPLS,
            0x8847,
            0x12345_1ff,
            ActionProgram.OP_COPY_TTL_OUT,
            ActionProgram.OP_COPY_TTL_IN,
            ActionProgram.OP_DEC_MPLS_TTL,
            ActionProgram.OP_SET_QUEUE,
            3,
            ActionProgram.OP_OUTPUT_TRUNCATED,
            2,
            40,
            ActionProgram.OP_POP_MPLS,
            0x0800,
            ActionProgram.OP_DEC_TTL
        };
        learn(0, cloned(pushVlan(1), cloned(last(2)), recirculate(5)), output(3), recirculate(5));
        learn(5, new int[] {ActionProgram.OP_SAMPLE, 0}, labels, output(2), last(3));
        byte[][] frames = {udp(), udp(), udp()};
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        turns(frames, 20_000);

        // What the compiler does behind a loaded machine's back may allocate once; a packet that allocates does so each
        // time.
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            turns(frames, 10_000);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }

        assertEquals(0, least, "bytes for 30000 packets");
    }

    private void turns(byte[][] frames, int count) {
        for (int i = 0; i < count; i++) {
            carry(frames);
            ports[2].discard();
            ports[3].discard();
        }
    }

    private void carry(byte[]... frames) {
        for (byte[] frame : frames) {
            ports[1].inject(frame);
        }
        ports[1].receive(batch);
        fastPath.process(batch, queues[1]);
    }

    /** Makes the cache answer packets from port 1 that go on with a walk, 0 for those as received, by a program. */
    private void learn(int recirculation, int[]... operations) {
        learn(key(recirculation), Field.IN_PORT, operations);
    }

    private void learn(long[] key, Field decisive, int[]... operations) {
        long[] mask = new long[KeyLayout.RECEIVED_WORDS];
        mask[Field.IN_PORT.word()] |= Field.IN_PORT.wordMask();
        mask[Field.RECIRC_ID.word()] |= Field.RECIRC_ID.wordMask();
        mask[decisive.word()] |= decisive.wordMask();
        ActionProgram program = new ActionProgram(join(operations), null);
        Translation translation =
                new Translation(mask, program, Operands.NONE, Credits.NONE, pipeline.generation(), true);
        cache.learn(key, 0, KeyLayout.RECEIVED_WORDS, translation);
    }

    private static long[] key(int recirculation) {
        long[] key = new long[KeyLayout.RECEIVED_WORDS];
        key[Field.IN_PORT.word()] = 1L << Field.IN_PORT.shift();
        key[Field.RECIRC_ID.word()] = Integer.toUnsignedLong(recirculation);
        return key;
    }

    private long[] holdAllBut(int free) {
        long[] held = new long[2 * MemoryPort.QUEUE_FRAMES - free];
        Arrays.setAll(held, i -> ports[1].pool().allocate());
        return held;
    }

    private int available(int number) {
        return ((NativeFramePool) ports[number].pool()).available();
    }

    private static int[] join(int[]... operations) {
        return Arrays.stream(operations).flatMapToInt(IntStream::of).toArray();
    }

    private static int[] cloned(int[]... operations) {
        int[] block = join(operations);
        return join(new int[] {ActionProgram.OP_CLONE, block.length}, block);
    }

    private static int[] output(int port) {
        return new int[] {ActionProgram.OP_OUTPUT, port};
    }

    private static int[] last(int port) {
        return new int[] {ActionProgram.OP_OUTPUT_LAST, port};
    }

    private static int[] recirculate(int id) {
        return new int[] {ActionProgram.OP_RECIRCULATE, id};
    }

    private static int[] pushVlan(int vid) {
        return new int[] {ActionProgram.OP_PUSH_VLAN, 0x8100, vid};
    }

    private static byte[] udp() {
        return frame(FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02"));
    }

    private static byte[] tagged(int vid) {
        return frame(
                FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").vlan(vid));
    }

    private static byte[] frame(FrameBuilder start) {
        return start.ipv4("10.0.0.1", "10.0.0.2")
                .udp(1, 2)
                .payload(new byte[60])
                .build();
    }
}
