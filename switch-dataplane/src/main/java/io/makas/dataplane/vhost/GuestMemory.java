// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.sys.FileStatus;
import io.makas.dataplane.sys.Mapping;
import io.makas.dataplane.sys.SysException;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory that a guest shares: regions of its address space, each mapped into ours.
 *
 * <p>The property that everything rests on: <em>an address that {@link #host} or {@link #contiguousBytes} answered for lies, with
 * all the bytes asked for, inside one mapping.</em> So the regions must not overlap nor wrap around, and each must lie inside its
 * file when it is mapped. A guest may make the file shorter later on: touching it then is an {@link InternalError} of the
 * virtual machine, which the owner of the rings catches.
 *
 * <p>Thread: made and changed by the control thread; workers read an object that does not change any more, and have let go of it
 * when a region is unmapped. Owner: {@link VhostSession}.
 */
final class GuestMemory {

    /** Most regions: what {@code VHOST_USER_GET_MAX_MEM_SLOTS} answers. */
    static final int MAX_REGIONS = 64;

    /** A guest's address for which there is no memory. */
    static final long NOWHERE = 0;

    /** A region, mapped. */
    private record Region(long guest, long bytes, long user, long host, Mapping mapping) {}

    private final List<Region> regions;
    private final long[] guest;
    private final long[] bytes;
    /** What to add to a guest's address to get ours. */
    private final long[] shift;

    /** No memory. */
    GuestMemory() {
        this(List.of());
    }

    private GuestMemory(List<Region> regions) {
        this.regions = regions;
        this.guest = new long[regions.size()];
        this.bytes = new long[regions.size()];
        this.shift = new long[regions.size()];
        for (int i = 0; i < guest.length; i++) {
            Region region = regions.get(i);
            guest[i] = region.guest;
            bytes[i] = region.bytes;
            shift[i] = region.host - region.guest;
        }
    }

    /**
     * This memory and one more region.
     *
     * @param guest where the guest sees it
     * @param bytes its length
     * @param user where the front end sees it
     * @param offset where it begins in its file
     * @param fd the file, which stays the caller's
     * @throws SysException when it cannot be, with the reason
     */
    GuestMemory with(long guest, long bytes, long user, long offset, int fd) {
        String what = "memory region of " + Long.toUnsignedString(bytes) + " bytes at 0x" + Long.toHexString(guest);
        if (regions.size() == MAX_REGIONS) {
            throw new SysException(what + " is one more than the " + MAX_REGIONS + " that a guest may have");
        }
        if (bytes <= 0 || guest < 0 || user < 0 || offset < 0 || wraps(guest, bytes) || wraps(user, bytes)) {
            throw new SysException(what + ", seen at 0x" + Long.toHexString(user) + ", is empty or wraps around");
        }
        for (Region other : regions) {
            if (overlap(guest, other.guest, bytes, other.bytes) || overlap(user, other.user, bytes, other.bytes)) {
                throw new SysException(
                        what + " overlaps the one of " + other.bytes + " bytes at 0x" + Long.toHexString(other.guest));
            }
        }
        FileStatus file = FileStatus.of(fd);
        if (!file.isMemory()) {
            throw new SysException(what + " is not memory: its file must be a memfd, or lie in hugetlbfs or tmpfs");
        }
        if (wraps(offset, bytes) || offset + bytes > file.sizeBytes()) {
            throw new SysException(what + " at " + offset + " of its file exceeds the file's " + file.sizeBytes());
        }
        long begin = offset & -file.pageBytes();
        long end = offset + bytes + file.pageBytes() - 1 & -file.pageBytes();
        Mapping mapping = Mapping.ofFile(what, fd, begin, end - begin);
        List<Region> all = new ArrayList<>(regions);
        all.add(new Region(guest, bytes, user, mapping.address() + offset - begin, mapping));
        return new GuestMemory(List.copyOf(all));
    }

    /**
     * This memory without a region. The caller closes {@link #mapping} of it when nobody uses it any more.
     *
     * @throws SysException when there is no such region
     */
    GuestMemory without(long guest, long bytes, long user) {
        int index = index(guest, bytes, user);
        if (index < 0) {
            throw new SysException("there is no memory region of " + Long.toUnsignedString(bytes) + " bytes at 0x"
                    + Long.toHexString(guest) + " to remove");
        }
        List<Region> rest = new ArrayList<>(regions);
        rest.remove(index);
        return new GuestMemory(List.copyOf(rest));
    }

    /** The mapping of a region, which must be here. */
    Mapping mapping(long guest, long bytes, long user) {
        return regions.get(index(guest, bytes, user)).mapping;
    }

    /** Where {@code length} bytes at a guest's address are in our memory, or {@link #NOWHERE} if not all in one region. */
    long host(long address, long length) {
        for (int i = 0; i < guest.length; i++) {
            long offset = address - guest[i];
            if (offset >= 0 && length >= 0 && offset <= bytes[i] - length) {
                return address + shift[i];
            }
        }
        return NOWHERE;
    }

    /** How many bytes there are from a guest's address to the end of its region; 0 when there is no memory. */
    long contiguousBytes(long address) {
        for (int i = 0; i < guest.length; i++) {
            long offset = address - guest[i];
            if (offset >= 0 && offset < bytes[i]) {
                return bytes[i] - offset;
            }
        }
        return 0;
    }

    /** Where {@code length} bytes at a front end's address are in our memory, or {@link #NOWHERE}. */
    long hostOfUser(long address, long length) {
        for (Region region : regions) {
            long offset = address - region.user;
            if (offset >= 0 && offset <= region.bytes - length) {
                return region.host + offset;
            }
        }
        return NOWHERE;
    }

    /** Index of the region that a guest's address is in, to be remembered; −1 when there is none. */
    int region(long address) {
        for (int i = 0; i < guest.length; i++) {
            long offset = address - guest[i];
            if (offset >= 0 && offset < bytes[i]) {
                return i;
            }
        }
        return -1;
    }

    /** Guest's address of a region. */
    long regionGuest(int index) {
        return guest[index];
    }

    /** Size of a region. */
    long regionBytes(int index) {
        return bytes[index];
    }

    /** What to add to an address of a region to get ours. */
    long regionShift(int index) {
        return shift[index];
    }

    /** Number of regions. */
    int regions() {
        return guest.length;
    }

    /** Unmaps everything. */
    void close() {
        for (Region region : regions) {
            region.mapping.close();
        }
    }

    private int index(long guest, long bytes, long user) {
        for (int i = 0; i < regions.size(); i++) {
            Region region = regions.get(i);
            if (region.guest == guest && region.bytes == bytes && region.user == user) {
                return i;
            }
        }
        return -1;
    }

    private static boolean wraps(long begin, long bytes) {
        return begin + bytes < 0;
    }

    private static boolean overlap(long a, long b, long aBytes, long bBytes) {
        return a < b + bBytes && b < a + aBytes;
    }
}
