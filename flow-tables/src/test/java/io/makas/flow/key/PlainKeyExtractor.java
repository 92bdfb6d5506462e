// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

import java.util.Arrays;

/**
 * The key extractor written a second time, slowly and on its own, byte by byte with a cursor: what {@link KeyExtractor} is
 * compared with. Shares no code with it; numbers are written out.
 */
public final class PlainKeyExtractor {

    /** The key's words. */
    public final long[] key = new long[16];

    /** How many of them the packet needs; negative for no packet. */
    public int extent = 5;

    /** How many tags there are, up to 2. */
    public int tagCount;

    /** Where the last type lies that was read as a type. */
    public int typeAt;

    /** Where the IP header, the ARP packet or the MPLS stack lies; 0 if there is none. */
    public int networkAt;

    /** Where the transport header, and where the packet ends; both 0 if there is no transport header. */
    public int transportAt;

    public int transportEnd;

    /** Whether all headers of IP are there. */
    public boolean isIpWhole;

    /** Whether an IPv6 routing header names further nodes. */
    public boolean isRouted;

    /** Where link-layer addresses of neighbour discovery options lie: source, target. */
    public final int[] neighbourLinkAt = new int[2];

    private byte[] bytes;
    private int at;
    private int end;

    private int frag;
    private int protocol;
    private boolean extensionsWhole;
    private final boolean checksTcpLength;

    /** Takes a frame apart. */
    public PlainKeyExtractor(byte[] frame, int inPort) {
        this(frame, inPort, false);
    }

    /** Takes a frame apart; a TCP header may have to have the length that it says it has. */
    public PlainKeyExtractor(byte[] frame, int inPort, boolean checksTcpLength) {
        this.checksTcpLength = checksTcpLength;
        bytes = frame;
        end = frame.length;
        if (end < 14) {
            extent = -1;
            return;
        }
        long destination = take(6);
        long source = take(6);
        long[] tags = new long[2];
        int count = 0;
        while (count < 2 && (peek(2) == 0x8100 || peek(2) == 0x88a8) && left() >= 6) {
            take(2);
            tags[count++] = take(2) | 0x1000;
        }
        tagCount = count;
        typeAt = at;
        int type = (int) take(2);
        if (type < 1536) {
            type = snap();
        }
        key[0] = (long) inPort << 32 | (long) type << 16;
        key[1] = destination << 16 | tags[0];
        key[2] = source << 16 | tags[1];
        if (type == 0x0800) {
            ipv4();
        } else if (type == 0x86dd) {
            extent = 10;
            ipv6();
        } else if (type == 0x0806 || type == 0x8035) {
            extent = 16;
            arp();
        } else if (type == 0x8847 || type == 0x8848) {
            extent = 16;
            mpls();
        }
    }

    private int snap() {
        if (left() < 8 || peek(6) != 0xaaaa03000000L) {
            return 0x5ff;
        }
        take(6);
        typeAt = at;
        int type = (int) take(2);
        return type < 1536 ? 0x5ff : type;
    }

    private void ipv4() {
        if (left() < 20) {
            return;
        }
        int start = at;
        int headerBytes = (bytes[start] & 15) * 4;
        int total = (bytes[start + 2] & 255) * 256 + (bytes[start + 3] & 255);
        if (headerBytes < 20 || headerBytes > total || total > left()) {
            return;
        }
        end = start + total;
        networkAt = start;
        isIpWhole = true;
        take(1);
        long tos = take(1);
        take(4);
        int word = (int) take(2);
        boolean more = (word & 0x2000) != 0;
        int fragmentOffset = word % 0x2000;
        frag = fragmentOffset > 0 ? 3 : more ? 1 : 0;
        long ttl = take(1);
        protocol = (int) take(1);
        take(2);
        key[3] = take(4) << 32;
        key[3] += take(4);
        at = start + headerBytes;
        key[4] = tos * 256 + ttl;
        transport(1);
    }

    private void ipv6() {
        if (left() < 40) {
            return;
        }
        int start = at;
        int payload = (bytes[start + 4] & 255) * 256 + (bytes[start + 5] & 255);
        if (payload > left() - 40) {
            return;
        }
        end = start + 40 + payload;
        networkAt = start;
        long first = take(4);
        take(2);
        protocol = (int) take(1);
        long limit = take(1);
        key[5] = take(8);
        key[6] = take(8);
        key[7] = take(8);
        key[8] = take(8);
        extensions();
        if (extensionsWhole) {
            isIpWhole = true;
            key[9] = first % (1 << 20) << 32;
            key[4] = (first >> 20 & 255) * 256 + limit;
            transport(58);
        }
    }

    private void extensions() {
        while (true) {
            if (protocol != 0 && protocol != 43 && protocol != 44 && protocol != 51 && protocol != 60) {
                extensionsWhole = true;
                return;
            }
            if (left() < 8) {
                return;
            }
            int next = bytes[at] & 255;
            int length = bytes[at + 1] & 255;
            int word = (bytes[at + 2] & 255) * 256 + (bytes[at + 3] & 255);
            int size = protocol == 44 ? 8 : protocol == 51 ? 8 + length * 4 : 8 + length * 8;
            if (size > left()) {
                return;
            }
            isRouted |= protocol == 43 && word % 256 != 0;
            at += size;
            if (protocol == 44) {
                if (word != 0) {
                    frag = 1;
                }
                if (word / 8 != 0) {
                    frag = 3;
                    extensionsWhole = true;
                    return;
                }
            }
            protocol = next;
        }
    }

    private void transport(int icmp) {
        key[0] += protocol * 256L + frag;
        if (frag == 3) {
            return;
        }
        int start = at;
        if (protocol == 6 && left() >= 20 && !hasWrongTcpLength()) {
            located(start);
            ports();
            take(8);
            key[4] |= take(2) % 4096 << 16;
        } else if (protocol == 17 && left() >= 8 || protocol == 132 && left() >= 12) {
            located(start);
            ports();
        } else if (protocol == icmp && left() >= 8) {
            located(start);
            long type = take(1);
            long code = take(1);
            key[4] |= type << 48 | code << 32;
            if (icmp == 58 && code == 0 && (type == 135 || type == 136)) {
                extent = 16;
                take(2);
                key[9] |= take(4);
                neighbour();
            }
        }
    }

    private boolean hasWrongTcpLength() {
        int said = (bytes[at + 12] >> 4 & 15) * 4;
        return checksTcpLength && (said < 20 || said > left());
    }

    private void located(int start) {
        transportAt = start;
        transportEnd = end;
    }

    private void ports() {
        key[4] |= take(2) << 48;
        key[4] |= take(2) << 32;
    }

    private void neighbour() {
        if (left() < 16) {
            return;
        }
        key[10] = take(8);
        key[11] = take(8);
        while (left() >= 8) {
            int option = at;
            int size = (bytes[option + 1] & 255) * 8;
            if (size == 0 || size > left()) {
                return;
            }
            int type = bytes[option];
            take(2);
            if (size == 8 && (type == 1 || type == 2)) {
                if (key[11 + type] != 0) {
                    Arrays.fill(key, 10, 14, 0);
                    Arrays.fill(neighbourLinkAt, 0);
                    return;
                }
                neighbourLinkAt[type - 1] = at;
                key[11 + type] = take(6) << 16;
            }
            at = option + size;
        }
    }

    private void arp() {
        if (left() < 28 || take(2) != 1 || take(2) != 0x0800 || take(1) != 6 || take(1) != 4) {
            return;
        }
        networkAt = at - 6;
        long operation = take(2);
        key[0] += operation < 256 ? operation * 256 : 0;
        key[12] = take(6) << 16;
        key[3] = take(4) << 32;
        key[13] = take(6) << 16;
        key[3] += take(4);
    }

    private void mpls() {
        networkAt = left() >= 4 ? at : 0;
        for (int entry = 0; entry < 3 && left() >= 4; entry++) {
            long value = take(4);
            key[14 + entry / 2] |= entry % 2 == 0 ? value << 32 : value;
            if ((value & 0x100) != 0) {
                return;
            }
        }
    }

    private int left() {
        return end - at;
    }

    private long peek(int count) {
        int mark = at;
        long value = take(count);
        at = mark;
        return value;
    }

    private long take(int count) {
        long value = 0;
        for (int index = 0; index < count; index++) {
            value = value * 256 + (bytes[at++] & 255);
        }
        return value;
    }
}
