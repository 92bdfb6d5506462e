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
 * <p>Thread: any worker, each on its own stock; made and closed by a control thread.
 */
public final class MbufPool extends FramePool {

    /** Longest frame for which the usual buffer of DPDK, {@code RTE_MBUF_DEFAULT_DATAROOM}, has room. */
    public static final int USUAL_FRAME_BYTES = 2048;

    /** Longest frame of ports with jumbo frames: an MTU of 9,000, headers, and some to spare. */
    public static final int JUMBO_FRAME_BYTES = 9_216;

    /** Free buffers that DPDK keeps for the worker: a few bursts, which stay in the processor's cache. */
    private static final int CACHE_BUFFERS = 256;

    private static final int BULK = FrameBatch.CAPACITY;
    private static final int STOCK_MAX = 2 * BULK;
    private static final int ALIGNMENT_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final Mempool mempool;
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
     * @param name unique name, at most 25 bytes
     * @param buffers number of buffers; besides what is under way, the receive queue of a device holds some hundred
     * @param maxFrameBytes longest frame that a buffer can hold
     * @throws io.makas.dataplane.sys.SysException when the memory does not suffice
     */
    public MbufPool(String name, int buffers, int maxFrameBytes) {
        assert Mbuf.HEADROOM_BYTES >= MIN_HEADROOM_BYTES;
        this.mempool = new Mempool(name, buffers, CACHE_BUFFERS, Mbuf.HEADROOM_BYTES + maxFrameBytes);
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

    @Override
    public void release(long[] handles, int offset, int count) {
        Stock stock = stocks.get();
        int kept = Math.min(count, STOCK_MAX - stock.count);
        for (int i = 0; i < kept; i++) {
            stock.handles[stock.count + i] = handles[offset + i];
        }
        stock.count += kept;
        int at = offset + kept;
        while (at < offset + count) {
            int bulk = Math.min(BULK, offset + count - at);
            for (int i = 0; i < bulk; i++) {
                Memory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, stock.array + (long) i * Long.BYTES, handles[at + i]);
            }
            Mempool.free(stock.array, bulk);
            at += bulk;
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
    public void close() {
        mempool.close();
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
