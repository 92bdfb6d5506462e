// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.cni.Attachment;
import io.makas.cni.CniRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is written on the host's end of a pod's veth as its alias, for people ({@code ip link}) and for finding orphans:
 * {@code makas:SOCKET NETWORK CONTAINER/INTERFACE port NUMBER}. The socket tells agents on one machine apart. The number is that of
 * the pod's port: flows name it, so the pod must have it again when the next agent adopts it.
 */
final class PodNote {

    /** {@code IFALIASZ} of {@code linux/if.h} less the end mark. */
    private static final int MAX_BYTES = 255;

    private static final String PORT = " port ";
    private static final Pattern NUMBERED = Pattern.compile(".*" + PORT + "([1-9][0-9]{0,8})", Pattern.DOTALL);

    /** Room for the longest number. */
    private static final int MAX_BYTES_BEFORE_PORT = MAX_BYTES - PORT.length() - 9;

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

    /** The same note with the number of the pod's port. */
    static String numbered(String note, int number) {
        return note + PORT + number;
    }

    /** The port's number in a note, or {@link SwitchPorts#LOWEST_FREE} if it has none. */
    static int number(String note) {
        Matcher matcher = NUMBERED.matcher(note);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : SwitchPorts.LOWEST_FREE;
    }

    private static String cut(String note) {
        byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MAX_BYTES_BEFORE_PORT
                ? note
                : new String(Arrays.copyOf(bytes, MAX_BYTES_BEFORE_PORT), StandardCharsets.US_ASCII);
    }
}
