// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.cni.Attachment;
import io.makas.cni.CniRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What is written on the host's end of a pod's veth as its alias, for people ({@code ip link}) and for finding orphans:
 * {@code makas:SOCKET NETWORK CONTAINER/INTERFACE}. The socket tells agents on one machine apart.
 */
final class PodNote {

    /** {@code IFALIASZ} of {@code linux/if.h} less the end mark. */
    private static final int MAX_BYTES = 255;

    private PodNote() {}

    /** What every note of an agent begins with. */
    static String ofAgent(Path socket) {
        return cut("makas:" + socket + " ");
    }

    /** What every note of a network begins with. */
    static String ofNetwork(Path socket, String network) {
        return cut(ofAgent(socket) + network + " ");
    }

    /** The note of a request's attachment; the end of a very long one is missing. */
    static String of(Path socket, CniRequest request) {
        Attachment attachment = request.attachment();
        return cut(ofNetwork(socket, request.config().name()) + attachment);
    }

    private static String cut(String note) {
        byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_BYTES
                ? note
                : new String(Arrays.copyOf(bytes, MAX_BYTES), StandardCharsets.US_ASCII);
    }
}
