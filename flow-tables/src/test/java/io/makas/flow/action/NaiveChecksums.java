// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * All checksums of a frame anew, from the standards and from nothing of the switch: tags and MPLS entries as many as there are,
 * IPv4 options, IPv6 extension headers. Transport checksums of fragments are left alone, as one fragment does not tell them.
 */
final class NaiveChecksums {

    private final byte[] frame;

    /** The IPv6 destination that transport checksums cover, if the header has another one: where a routing header leads. */
    private final byte[] finalDestination;

    private int at;
    private int network;
    private int end;
    private boolean isIpv6;
    private boolean isRouted;
    private boolean isSnap;
    private boolean isLabelled;

    private NaiveChecksums(byte[] frame, byte[] finalDestination) {
        this.frame = frame;
        this.finalDestination = finalDestination;
    }

    /**
     * Computes all checksums.
     *
     * @param original the same packet before its addresses were changed; a destination that is not the last one of a routing
     *     header is taken from it
     * @return the frame with right checksums
     */
    static byte[] right(byte[] frame, byte[] original) {
        NaiveChecksums of = new NaiveChecksums(original.clone(), null);
        of.findNetwork();
        byte[] destination = null;
        if (of.isIpv6 && of.end >= of.network + 40) {
            destination = Arrays.copyOfRange(original, of.network + 24, of.network + 40);
        }
        byte[] copy = frame.clone();
        new NaiveChecksums(copy, destination).compute();
        return copy;
    }

    /** The Ethernet type of a frame that is IP behind at most two tags, as many as the switch looks behind; else 0. */
    static int typeOfIp(byte[] frame) {
        NaiveChecksums of = new NaiveChecksums(frame, null);
        boolean isIp = of.findNetwork() && of.network < 14 + 3 * 4 + (of.isSnap ? 8 : 0) && !of.isLabelled;
        return isIp ? of.isIpv6 ? 0x86dd : 0x0800 : 0;
    }

    private void compute() {
        if (!findNetwork()) {
            return;
        }
        int protocol = isIpv6 ? ipv6() : ipv4();
        if (protocol < 0) {
            return;
        }
        int bytes = end - at;
        switch (protocol) {
            case 6 -> put(bytes >= 20, at + 16, pseudoHeader(6));
            case 17 -> {
                if (bytes >= 8 && number(at + 6, 2) != 0) {
                    put(true, at + 6, pseudoHeader(17));
                    if (number(at + 6, 2) == 0) {
                        frame[at + 6] = frame[at + 7] = (byte) 0xff;
                    }
                }
            }
            case 1 -> put(!isIpv6 && bytes >= 8, at + 2, 0);
            case 58 -> put(isIpv6 && bytes >= 8, at + 2, pseudoHeader(58));
            case 132 -> sctp(bytes);
            default -> {
                // No checksum is known.
            }
        }
    }

    /** Finds the IP header, behind whatever there is. */
    private boolean findNetwork() {
        at = 12;
        int type = take(2);
        while ((type == 0x8100 || type == 0x88a8) && frame.length - at >= 4) {
            at += 2;
            type = take(2);
        }
        if (type < 0x0600 && frame.length - at >= 8 && number(at, 6) == 0xaaaa_0300_0000L) {
            at += 6;
            type = take(2);
            isSnap = true;
        }
        while (type == 0x8847 || type == 0x8848) {
            if (frame.length - at < 5) {
                return false;
            }
            isLabelled = true;
            boolean bottom = (frame[at + 2] & 1) == 1;
            at += 4;
            if (bottom) {
                type = frame[at] >> 4 == 4 ? 0x0800 : frame[at] >> 4 == 6 ? 0x86dd : 0;
            }
        }
        network = at;
        end = frame.length;
        isIpv6 = type == 0x86dd;
        return isIpv6 || type == 0x0800;
    }

    /** The protocol, if its header is there and whole. */
    private int ipv4() {
        if (frame.length - at < 20) {
            return -1;
        }
        int header = frame[at] % 16 * 4 & 63;
        int total = (int) number(at + 2, 2);
        if (header < 20 || total < header || total > frame.length - at) {
            return -1;
        }
        end = at + header;
        put(true, at + 10, 0);
        end = at + total;
        boolean isFragment = number(at + 6, 2) % 0x4000 != 0;
        at += header;
        return isFragment ? -1 : frame[network + 9] & 255;
    }

    private int ipv6() {
        if (frame.length - at < 40 || number(at + 4, 2) > frame.length - at - 40) {
            return -1;
        }
        end = at + 40 + (int) number(at + 4, 2);
        int protocol = frame[at + 6] & 255;
        at += 40;
        while (protocol == 0 || protocol == 43 || protocol == 44 || protocol == 51 || protocol == 60) {
            if (end - at < 8) {
                return -1;
            }
            int length = frame[at + 1] & 255;
            int bytes = protocol == 44 ? 8 : protocol == 51 ? 4 * (length + 2) : 8 * (length + 1);
            if (end - at < bytes || protocol == 44 && number(at + 2, 2) != 0) {
                return -1;
            }
            isRouted |= protocol == 43 && frame[at + 3] != 0;
            protocol = frame[at] & 255;
            at += bytes;
        }
        return protocol;
    }

    private long pseudoHeader(int protocol) {
        long sum = protocol + end - at;
        if (!isIpv6) {
            return sum + sum(frame, network + 12, network + 20);
        }
        return sum
                + sum(frame, network + 8, network + 24)
                + (isRouted ? sum(finalDestination, 0, 16) : sum(frame, network + 24, network + 40));
    }

    private void put(boolean isWhole, int place, long sum) {
        if (isWhole) {
            int from = place == network + 10 && !isIpv6 ? network : at;
            frame[place] = frame[place + 1] = 0;
            long folded = sum + sum(frame, from, end);
            while (folded > 0xffff) {
                folded = folded % 0x10000 + folded / 0x10000;
            }
            long checksum = ~folded & 0xffff;
            frame[place] = (byte) (checksum >> 8);
            frame[place + 1] = (byte) checksum;
        }
    }

    private void sctp(int bytes) {
        if (bytes < 12) {
            return;
        }
        frame[at + 8] = frame[at + 9] = frame[at + 10] = frame[at + 11] = 0;
        CRC32C crc = new CRC32C();
        crc.update(frame, at, bytes);
        for (int i = 0; i < 4; i++) {
            frame[at + 8 + i] = (byte) (crc.getValue() >> 8 * i);
        }
    }

    private static long sum(byte[] bytes, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += (bytes[i] & 255L) << ((i - from) % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    private int take(int bytes) {
        at += bytes;
        return (int) number(at - bytes, bytes);
    }

    private long number(int from, int bytes) {
        long number = 0;
        for (int i = from; i < from + bytes; i++) {
            number = number << 8 | frame[i] & 255;
        }
        return number;
    }
}
