// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A map of eBPF programs, read and written by system calls. Keys and values are in native memory, in the form that the
 * program gives them.
 *
 * <p>Thread: any. It is valid as long as the object that it came from.
 */
public final class BpfMap {

    /** {@code BPF_ANY} of {@code linux/bpf.h}. */
    private static final long BPF_ANY = 0;

    private static final MethodHandle UPDATE =
            LibBpf.link("bpf_map_update_elem", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    private static final MethodHandle LOOKUP =
            LibBpf.link("bpf_map_lookup_elem", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle DELETE =
            LibBpf.link("bpf_map_delete_elem", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle NEXT_KEY =
            LibBpf.link("bpf_map_get_next_key", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    private final String name;
    private final int fd;
    private final int keyBytes;
    private final int valueBytes;

    BpfMap(String name, int fd, int keyBytes, int valueBytes) {
        this.name = name;
        this.fd = fd;
        this.keyBytes = keyBytes;
        this.valueBytes = valueBytes;
    }

    /** The map's file descriptor. */
    public int fileDescriptor() {
        return fd;
    }

    /** Length of a key in bytes. */
    public int keyBytes() {
        return keyBytes;
    }

    /** Length of a value in bytes (for each processor, in a map that has one for each). */
    public int valueBytes() {
        return valueBytes;
    }

    /** Sets an entry. Returns 0 or −errno, e.g. {@code −E2BIG} when the map is full. */
    public int put(MemorySegment key, MemorySegment value) {
        try {
            return (int) UPDATE.invokeExact(fd, key, value, BPF_ANY);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Reads an entry. Returns 0 or −errno, {@code −ENOENT} when there is none. */
    public int get(MemorySegment key, MemorySegment value) {
        try {
            return (int) LOOKUP.invokeExact(fd, key, value);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Removes an entry. Returns 0 or −errno, {@code −ENOENT} when there was none. */
    public int remove(MemorySegment key) {
        try {
            return (int) DELETE.invokeExact(fd, key);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * Walks the keys.
     *
     * @param key the key before, or {@link MemorySegment#NULL} to begin
     * @param next where the key goes
     * @return 0, or −errno: {@code −ENOENT} after the last
     */
    public int nextKey(MemorySegment key, MemorySegment next) {
        try {
            return (int) NEXT_KEY.invokeExact(fd, key, next);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Sets an entry of a map of 32-bit keys and values, e.g. a socket of a queue. */
    public void put(int key, int value) {
        if (keyBytes != Integer.BYTES || valueBytes != Integer.BYTES) {
            throw new IllegalArgumentException(
                    "map " + name + " has keys of " + keyBytes + " and values of " + valueBytes + " bytes, not of 4");
        }
        try (Arena arena = Arena.ofConfined()) {
            int answer = put(arena.allocateFrom(JAVA_INT, key), arena.allocateFrom(JAVA_INT, value));
            if (answer < 0) {
                throw new SysException("setting entry " + key + " of eBPF map " + name, -answer, "");
            }
        }
    }

    /** Adds a key to a map of 64-bit keys whose values, of one byte, say nothing. */
    public void add(long key) {
        if (keyBytes != Long.BYTES || valueBytes != 1) {
            throw new IllegalArgumentException("map " + name + " has keys of " + keyBytes + " and values of "
                    + valueBytes + " bytes, not 8 and 1");
        }
        try (Arena arena = Arena.ofConfined()) {
            int answer = put(arena.allocateFrom(JAVA_LONG, key), arena.allocate(1));
            if (answer < 0) {
                throw new SysException("adding key 0x" + Long.toHexString(key) + " to eBPF map " + name, -answer, "");
            }
        }
    }
}
