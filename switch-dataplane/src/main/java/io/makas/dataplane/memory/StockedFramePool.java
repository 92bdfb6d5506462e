// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.memory;

import io.makas.dataplane.sys.Mapping;

/**
 * A pool in one block of large pages that all workers lend from: each keeps a stock of free buffers, last in first out, so that
 * the buffer released last, still in its processor's caches, is lent next. Stocks are filled from, and overflow into, a common
 * store, a bulk at a time.
 *
 * <p>Thread: any worker, each by its own {@link Stock}; {@link #allocate} and {@link #release} find it. Made and closed by a control
 * thread.
 */
public final class StockedFramePool extends FramePool {

    /** Buffers that cross between a stock and the store at a time. */
    private static final int BULK = 256;
    /** Most buffers in a stock. */
    private static final int STOCK_MAX = 2 * BULK;

    private static final int LINE_BYTES = 64;

    private final Mapping mapping;
    private final int bufferSizeBytes;
    private final ThreadLocal<Stock> stocks = ThreadLocal.withInitial(Stock::new);

    /** Guarded by this. */
    private final long[] store;
    /** Guarded by this. */
    private int storeCount;

    /**
     * Makes a pool.
     *
     * @param buffers number of buffers
     * @param maxFrameBytes longest frame that a buffer can hold
     * @throws io.makas.dataplane.sys.SysException when there is not enough memory
     */
    public StockedFramePool(int buffers, int maxFrameBytes) {
        this.bufferSizeBytes = MIN_HEADROOM_BYTES + maxFrameBytes;
        // An odd number of cache lines, so that the first lines of all buffers do not compete for the same few places.
        int strideBytes = (bufferSizeBytes + LINE_BYTES - 1 | LINE_BYTES) & -LINE_BYTES;
        this.mapping = Mapping.anonymous((long) buffers * strideBytes);
        this.store = new long[buffers];
        for (int i = 0; i < buffers; i++) {
            store[i] = mapping.address() + (long) (buffers - 1 - i) * strideBytes;
        }
        this.storeCount = buffers;
    }

    /** The free buffers of one worker. */
    public final class Stock {

        private final long[] free = new long[STOCK_MAX];
        private int count;

        private Stock() {}

        /**
         * Borrows up to {@code wanted} buffers, at most {@link FrameBatch#CAPACITY}.
         *
         * @return number of buffers, the first of {@code handles}; fewer than wanted when no more are free
         */
        public int allocate(long[] handles, int wanted) {
            if (count < wanted) {
                fill(this);
            }
            int taken = Math.min(count, wanted);
            int from = count - taken;
            for (int i = 0; i < taken; i++) {
                handles[i] = free[from + i];
            }
            count = from;
            return taken;
        }

        /** Gives back buffers, {@code handles[offset]} onwards, at most {@link FrameBatch#CAPACITY}. */
        public void release(long[] handles, int offset, int released) {
            if (count + released > STOCK_MAX) {
                drain(this);
            }
            int to = count;
            for (int i = 0; i < released; i++) {
                free[to + i] = handles[offset + i];
            }
            count = to + released;
        }

        /** Longest frame that a buffer can hold, in bytes. */
        public int maxFrameBytes() {
            return StockedFramePool.this.maxFrameBytes();
        }
    }

    /** The stock of the calling worker, for as long as it lives. */
    public Stock stock() {
        return stocks.get();
    }

    @Override
    public long allocate() {
        Stock stock = stocks.get();
        if (stock.count == 0) {
            fill(stock);
        }
        return stock.count == 0 ? NONE : stock.free[--stock.count];
    }

    @Override
    public void release(long[] handles, int offset, int count) {
        Stock stock = stocks.get();
        for (int done = 0; done < count; done += FrameBatch.CAPACITY) {
            stock.release(handles, offset + done, Math.min(count - done, FrameBatch.CAPACITY));
        }
    }

    @Override
    public long bufferAddress(long handle) {
        return handle;
    }

    @Override
    public int bufferSizeBytes() {
        return bufferSizeBytes;
    }

    @Override
    public boolean servesManyWorkers() {
        return true;
    }

    /** Buffers that are not lent out, of the store and the calling thread's stock. */
    public synchronized int available() {
        return storeCount + stocks.get().count;
    }

    @Override
    public void close() {
        mapping.close();
    }

    private synchronized void fill(Stock stock) {
        int moved = Math.min(storeCount, BULK);
        System.arraycopy(store, storeCount - moved, stock.free, stock.count, moved);
        storeCount -= moved;
        stock.count += moved;
    }

    private synchronized void drain(Stock stock) {
        // The oldest go: what was released last stays at hand.
        System.arraycopy(stock.free, 0, store, storeCount, BULK);
        storeCount += BULK;
        stock.count -= BULK;
        System.arraycopy(stock.free, BULK, stock.free, 0, stock.count);
    }
}
