// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.table.ChangeLog;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Which port each Ethernet address of each VLAN is behind, as far as packets that {@code NORMAL} was done to have told
 * (IEEE 802.1Q §8.7).
 *
 * <p>What is learned alters answers, so it makes a new generation, by which caches forget the answers for the address. Guests choose
 * their addresses, and must not be able to keep others from being served: addresses are learned no faster than {@value
 * #MAX_LEARNED_A_SECOND} a second, none moves more than once a second, and there are at most {@value #MAX_ADDRESSES}. What is
 * not learned is flooded.
 *
 * <p>Threads: any. Look-ups take no lock.
 */
final class MacTable {

    /** Addresses that are remembered at once. */
    static final int MAX_ADDRESSES = 8_192;

    /** How long an address is remembered that is not seen (the default of IEEE 802.1Q and of Open vSwitch). */
    static final long AGEING_TIME_NS = 300_000_000_000L;

    /** New addresses and moves, all together. */
    static final int MAX_LEARNED_A_SECOND = 1_000;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long GROUP_BIT = 1L << 40;
    private static final int ADDRESS_BITS = 48;

    private final ConcurrentHashMap<Long, LearnedAddress> addresses = new ConcurrentHashMap<>();

    /** Is told what alters answers, after it has changed. */
    private final ChangeLog changes;

    // For learning and ageing, which are rare and lock:
    private long secondBeganNs;
    private int learnedThisSecond;

    /** No address is too old before this time: whoever calls {@link #expire} often is answered at once. */
    private long quietUntilNs;

    private boolean quietUntilIsKnown;

    /** Whether an address could not be learned since the last {@link #expire}. */
    private boolean wasRefused;

    /**
     * Makes an empty one.
     *
     * @param changes is told what alters answers
     */
    MacTable(ChangeLog changes) {
        this.changes = changes;
    }

    /** Whether an address names a group of stations, or all of them. */
    static boolean isGroup(long address) {
        return (address & GROUP_BIT) != 0;
    }

    /** Where an address is, or null if that is not known. */
    LearnedAddress find(int vlan, long address) {
        return addresses.get(key(vlan, address));
    }

    /** Notes that an address was seen behind a port; gives what is known of it now, or null if it cannot be learned. */
    LearnedAddress learn(int vlan, long address, int port, long nowNs) {
        LearnedAddress known = find(vlan, address);
        if (known != null && known.port() == port) {
            known.see(nowNs);
            return known;
        }
        return isGroup(address) ? null : learnAnew(vlan, address, port, nowNs);
    }

    /** Forgets the addresses that were not seen for too long. */
    synchronized void expire(long nowNs) {
        if (wasRefused) {
            wasRefused = false;
            changes.roomForAddresses();
        }
        if (quietUntilIsKnown && nowNs - quietUntilNs < 0) {
            return;
        }
        forget(each -> nowNs - each.lastSeenNs() >= AGEING_TIME_NS);
        // Those that are left were seen at some time, and those to come will be seen later than now.
        quietUntilNs = nowNs + AGEING_TIME_NS;
        for (LearnedAddress each : addresses.values()) {
            long dueNs = each.lastSeenNs() + AGEING_TIME_NS;
            quietUntilNs = dueNs - quietUntilNs < 0 ? dueNs : quietUntilNs;
        }
        quietUntilIsKnown = true;
    }

    /** Forgets the addresses behind ports that are gone. */
    void forgetPortsOtherThan(Ports ports) {
        forget(each -> !ports.isUsable(each.port()));
    }

    private void forget(Predicate<LearnedAddress> which) {
        if (addresses.values().removeIf(which)) {
            changes.addressesChanged();
        }
    }

    private synchronized LearnedAddress learnAnew(int vlan, long address, int port, long nowNs) {
        LearnedAddress known = find(vlan, address);
        if (known != null && (known.port() == port || nowNs - known.learnedNs() < SECOND_NS)) {
            wasRefused |= known.port() != port;
            return known.port() == port ? known : null;
        }
        if (nowNs - secondBeganNs >= SECOND_NS) {
            secondBeganNs = nowNs;
            learnedThisSecond = 0;
        }
        boolean isFull = known == null && addresses.size() >= MAX_ADDRESSES;
        if (isFull || learnedThisSecond >= MAX_LEARNED_A_SECOND) {
            wasRefused = true;
            return null;
        }
        learnedThisSecond++;
        LearnedAddress learned = new LearnedAddress(port, nowNs);
        addresses.put(key(vlan, address), learned);
        changes.addressChanged(vlan, address);
        return learned;
    }

    private static long key(int vlan, long address) {
        return (long) vlan << ADDRESS_BITS | address;
    }
}
