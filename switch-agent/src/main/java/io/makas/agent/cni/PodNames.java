// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.cni.Attachment;
import io.makas.flow.packet.MacAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The names that an attachment has on the host, all functions of container identifier and interface name, so that DEL and
 * CHECK find what ADD made without a record of it.
 *
 * @param hostName the host's end of the veth pair, and the switch's port: {@code mk} and 11 hexadecimal digits
 * @param podMac Ethernet address of the pod's end unless the runtime asks for another: locally administered
 */
record PodNames(String hostName, MacAddress podMac) {

    /** What the names of all pods' interfaces begin with. */
    static final String PREFIX = "mk";

    private static final int DIGITS = 11;
    private static final int LOCAL_UNICAST = 0x02;
    private static final int TYPE_BITS = 0x03;

    static PodNames of(Attachment attachment) {
        byte[] digest = sha256(attachment.containerId() + "/" + attachment.ifName());
        String name = PREFIX + HexFormat.of().formatHex(digest).substring(0, DIGITS);
        byte[] mac = java.util.Arrays.copyOfRange(digest, digest.length - 6, digest.length);
        mac[0] = (byte) (mac[0] & ~TYPE_BITS | LOCAL_UNICAST);
        return new PodNames(name, MacAddress.of(mac));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
