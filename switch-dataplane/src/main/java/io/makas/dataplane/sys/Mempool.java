// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A pool of DPDK packet buffers, by its native address.
 *
 * <p>DPDK itself allocates from it when it receives. {@code rte_pktmbuf_alloc_bulk} is an inline function that Java cannot
 * call; {@link #allocate} does what it does, through the table of pool operations, and bypasses DPDK's cache for each thread,
 * so it is meant for bulks of which the caller keeps a stock.
 *
 * <p>Thread: any, the pool locks nothing. Owner: the one who made it.
 */
public final class Mempool implements AutoCloseable {

    /** Offset of {@code ops_index} in {@code struct rte_mempool} of rte_mempool.h. */
    private static final int OPS_INDEX = 88;
    /** Offset of {@code ops} in {@code struct rte_mempool_ops_table}. */
    private static final int TABLE_OPS = 64;
    /** Size of {@code struct rte_mempool_ops}. */
    private static final int OPS_SIZE_BYTES = 128;
    /** Offset of {@code dequeue} in it. */
    private static final int OPS_DEQUEUE = 56;
    /** {@code RTE_MEMPOOL_CACHE_MAX_SIZE} of rte_config.h. */
    private static final int CACHE_MAX = 512;
    /** {@code RTE_MEMZONE_NAMESIZE} less what DPDK puts in front and the end mark. */
    private static final int NAME_MAX_BYTES = 25;
    /** {@code SOCKET_ID_ANY} of rte_memory.h. */
    private static final int ANY_SOCKET = -1;

    private static final MethodHandle CREATE = Dpdk.link(
            "mbuf",
            "rte_pktmbuf_pool_create",
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_SHORT, JAVA_SHORT, JAVA_INT));
    private static final MethodHandle COPY = Dpdk.link(
            "mbuf", "rte_pktmbuf_copy", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle FREE_BULK =
            Dpdk.link("mbuf", "rte_pktmbuf_free_bulk", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
    private static final MethodHandle FREE_POOL =
            Dpdk.link("mempool", "rte_mempool_free", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle AVAILABLE =
            Dpdk.link("mempool", "rte_mempool_avail_count", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    /** {@code rte_mempool_dequeue_t}: pool, array, count. */
    @SuppressWarnings("restricted")
    private static final MethodHandle DEQUEUE =
            Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

    private final long address;
    private final int dataRoomBytes;
    private final MemorySegment dequeue;

    /**
     * Makes a pool.
     *
     * @param name unique name, at most 25 bytes
     * @param buffers number of buffers; a power of two less one wastes no memory
     * @param cacheBuffers free buffers that DPDK keeps for each registered thread, at most 512 and two thirds of all
     * @param dataRoomBytes size of a buffer, headroom included
     * @throws SysException when the memory does not suffice, or the installed DPDK lays out its buffers in an unknown way
     */
    public Mempool(String name, int buffers, int cacheBuffers, int dataRoomBytes) {
        if (name.length() > NAME_MAX_BYTES || cacheBuffers > CACHE_MAX || dataRoomBytes > 0xffff) {
            throw new IllegalArgumentException("pool '" + name + "' of " + dataRoomBytes + " byte buffers, cache "
                    + cacheBuffers + ": at most " + NAME_MAX_BYTES + " letters, 65535 bytes and " + CACHE_MAX);
        }
        this.address = create(name, buffers, cacheBuffers, dataRoomBytes);
        this.dataRoomBytes = dataRoomBytes;
        int opsIndex = Memory.ALL.get(JAVA_INT, address + OPS_INDEX);
        long ops = Dpdk.variable("mempool", "rte_mempool_ops_table") + TABLE_OPS + (long) opsIndex * OPS_SIZE_BYTES;
        this.dequeue = MemorySegment.ofAddress(Memory.ALL.get(JAVA_LONG, ops + OPS_DEQUEUE));
        checkLayout();
    }

    /** The native {@code struct rte_mempool *}. */
    public long address() {
        return address;
    }

    /** Size of a buffer, headroom included. */
    public int dataRoomBytes() {
        return dataRoomBytes;
    }

    /**
     * Takes buffers, all or none.
     *
     * @param arrayAddress where to store their addresses
     * @return whether there were enough
     */
    public boolean allocate(long arrayAddress, int count) {
        try {
            return (int) DEQUEUE.invokeExact(dequeue, address, arrayAddress, count) == 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Gives back buffers, of whichever pool, whose addresses are stored at {@code arrayAddress}. */
    public static void free(long arrayAddress, int count) {
        try {
            FREE_BULK.invokeExact(arrayAddress, count);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Buffers that are not lent out. Slow: it adds up the caches of all threads. */
    public int available() {
        try {
            return (int) AVAILABLE.invokeExact(address);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Frees the memory. No buffer may be in use, by a device either. */
    @Override
    public void close() {
        try {
            FREE_POOL.invokeExact(address);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static long create(String name, int buffers, int cacheBuffers, int dataRoomBytes) {
        MemorySegment pool;
        try (Arena arena = Arena.ofConfined()) {
            pool = (MemorySegment) CREATE.invokeExact(
                    Native.string(arena, name), buffers, cacheBuffers, (short) 0, (short) dataRoomBytes, ANY_SOCKET);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (pool.address() == 0) {
            long megabytes = (long) buffers * (Mbuf.SIZE_BYTES + dataRoomBytes) >> 20;
            throw new SysException(
                    "rte_pktmbuf_pool_create of pool '" + name + "' with " + buffers + " buffers of " + dataRoomBytes
                            + " bytes",
                    Dpdk.errno(),
                    "it needs " + megabytes + " MiB of free hugepages: sysctl vm.nr_hugepages=512");
        }
        return pool.address();
    }

    /**
     * Writes a frame through {@link Mbuf} and lets DPDK copy it: a field that this release keeps elsewhere would give a copy
     * of another length or content.
     */
    private void checkLayout() {
        try (Arena arena = Arena.ofConfined()) {
            long array = arena.allocate(2L * Long.BYTES, Long.BYTES).address();
            boolean right = allocate(array, 1);
            if (right) {
                long original = Memory.ALL.get(JAVA_LONG, array);
                right = Mbuf.looksFresh(original, address, dataRoomBytes)
                        && isCopiedWhole(original, array + Long.BYTES);
                free(array, 1);
            }
            if (!right) {
                close();
                throw new SysException("the installed DPDK lays out struct rte_mbuf unlike release " + Dpdk.release()
                        + "; use the packages of Debian or Ubuntu");
            }
        }
    }

    private boolean isCopiedWhole(long original, long array) {
        int length = 77;
        long frame = Mbuf.bufferAddress(original) + Mbuf.HEADROOM_BYTES;
        Memory.ALL.asSlice(frame, length).fill((byte) 0x5a);
        Mbuf.setFrame(original, frame, length);
        Mbuf.clearOffloads(original);
        long copy;
        try {
            copy = (long) COPY.invokeExact(original, address, 0, -1);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (copy == 0) {
            return false;
        }
        boolean same = Mbuf.isContiguous(Mbuf.layout(copy))
                && Mbuf.frameLengthBytes(copy) == length
                && Memory.ALL.asSlice(Mbuf.frameAddress(copy), length).mismatch(Memory.ALL.asSlice(frame, length))
                        == -1;
        Memory.ALL.set(JAVA_LONG, array, copy);
        free(array, 1);
        return same;
    }
}
