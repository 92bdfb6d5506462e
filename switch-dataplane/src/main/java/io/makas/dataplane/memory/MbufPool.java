// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.memory;

import io.makas.dataplane.sys.Mbuf;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.Mempool;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * DPDK's packet buffers, shared by all DPDK and vhost-user ports: a handle is the address of an mbuf.
 *
 * <p>librte_vhost and the drivers take buffers from the native pool themselves, out of the cache that DPDK keeps for the
 * worker's thread. Frames that come from ports of another kind need one buffer at a time: those come from a stock of a few
 * buffers, one for each worker, last in first out, which released frames fill before they go back to the native pool.
 *
 * <p>A second, small pool has buffers for large segments, where such a frame must be copied. One that a guest sends comes in memory
 * that librte_vhost makes for it, an external buffer of the mbuf.
 *
 * <p>Thread: any worker, each on its own stock; made and closed by a control thread.
 */
public final class MbufPool extends FramePool {

    /** Longest frame for which the usual buffer of DPDK, {@code RTE_MBUF_DEFAULT_DATAROOM}, has room. */
    public static final int USUAL_FRAME_BYTES = 2048;

    /** Longest frame of ports with jumbo frames: an MTU of 9,000, headers, and some to spare. */
    public static final int JUMBO_FRAME_BYTES = 9_216;

    /** Free buffers that DPDK keeps for the worker: a few bursts, which stay in the processor's cache. */
    private static final int CACHE_BUFFERS = 256;

    /** {@code buf_len} has 16 bits. */
    private static final int LARGE_BUFFER_BYTES = 0xffff & -64;

    /** Longest frame in a large buffer: more than Linux makes of TCP, whose segments have at most 65,535 bytes with all headers. */
    private static final int LARGE_FRAME_BYTES = LARGE_BUFFER_BYTES - Mbuf.HEADROOM_BYTES;

    private static final String LARGE_SUFFIX = "-l";
    private static final int MIN_LARGE_BUFFERS = 32;
    private static final int BUFFERS_PER_LARGE_BUFFER = 128;

    private static final int BULK = FrameBatch.CAPACITY;
    private static final int STOCK_MAX = 2 * BULK;
    private static final int ALIGNMENT_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final Mempool mempool;
    private final Mempool large;
    private final ThreadLocal<Stock> stocks = ThreadLocal.withInitial(Stock::new);

    /** The free buffers of one worker. */
    private final class Stock {
        private final long array =
                arena.allocate((long) BULK * Long.BYTES, ALIGNMENT_BYTES).address();
        private final long[] handles = new long[STOCK_MAX];
        private int count;
    }

    /**
     * Makes a pool. DPDK must have been started.
     *
     * @param name unique name, at most 23 bytes
     * @param buffers number of buffers; besides what is under way, the receive queue of a device holds some hundred
     * @param maxFrameBytes longest frame that a buffer can hold
     * @throws io.makas.dataplane.sys.SysException when the memory does not suffice
     */
    public MbufPool(String name, int buffers, int maxFrameBytes) {
        assert Mbuf.HEADROOM_BYTES >= MIN_HEADROOM_BYTES;
        this.mempool = new Mempool(name, buffers, CACHE_BUFFERS, Mbuf.HEADROOM_BYTES + maxFrameBytes);
        int largeBuffers = Math.max(MIN_LARGE_BUFFERS, buffers / BUFFERS_PER_LARGE_BUFFER);
        try {
            this.large = new Mempool(name + LARGE_SUFFIX, largeBuffers, 0, LARGE_BUFFER_BYTES);
        } catch (RuntimeException e) {
            mempool.close();
            throw e;
        }
    }

    /** The native pool, for the ports that let DPDK allocate from it. */
    public Mempool mempool() {
        return mempool;
    }

    @Override
    public long allocate() {
        Stock stock = stocks.get();
        if (stock.count == 0 && !restock(stock)) {
            return NONE;
        }
        long handle = stock.handles[--stock.count];
        Mbuf.clearOffloads(handle);
        return handle;
    }

    /**
     * Large buffers are lent one at a time by DPDK itself: what they are for takes so long that this does not count. What a buffer
     * of librte_vhost's own holds, it has made for itself when a guest sent a large frame, and frees it with the buffer.
     */
    @Override
    public long allocate(int frameBytes) {
        if (frameBytes <= maxFrameBytes()) {
            return allocate();
        }
        long array = stocks.get().array;
        if (frameBytes > LARGE_FRAME_BYTES || !large.allocate(array, 1)) {
            return NONE;
        }
        long handle = Memory.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, array);
        Mbuf.clearOffloads(handle);
        return handle;
    }

    /** Keeps usual buffers in the stock, as far as there is room; the others go back to where they came from. */
    @Override
    public void release(long[] handles, int offset, int count) {
        Stock stock = stocks.get();
        int usualBytes = mempool.dataRoomBytes();
        int freed = 0;
        for (int i = offset; i < offset + count; i++) {
            long handle = handles[i];
            if (stock.count < STOCK_MAX && Mbuf.bufferBytes(handle) == usualBytes) {
                stock.handles[stock.count++] = handle;
                continue;
            }
            Memory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, stock.array + (long) freed * Long.BYTES, handle);
            if (++freed == BULK) {
                Mempool.free(stock.array, freed);
                freed = 0;
            }
        }
        if (freed > 0) {
            Mempool.free(stock.array, freed);
        }
    }

    @Override
    public boolean servesManyWorkers() {
        return true;
    }

    /** Whether buffers that the calling worker releases go straight to the native pool. */
    public boolean isStocked() {
        return stocks.get().count == STOCK_MAX;
    }

    @Override
    public long bufferAddress(long handle) {
        return Mbuf.bufferAddress(handle);
    }

    @Override
    public int bufferSizeBytes() {
        return mempool.dataRoomBytes();
    }

    @Override
    public int bufferSizeBytes(long handle) {
        return Mbuf.bufferBytes(handle);
    }

    @Override
    public void close() {
        mempool.close();
        large.close();
        arena.close();
    }

    private boolean restock(Stock stock) {
        if (!mempool.allocate(stock.array, BULK)) {
            return false;
        }
        for (int i = 0; i < BULK; i++) {
            stock.handles[i] = Memory.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, stock.array + (long) i * Long.BYTES);
        }
        stock.count = BULK;
        return true;
    }
}
