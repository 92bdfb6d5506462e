// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the kernel and the driver are to hand frames to an AF_XDP port; the names are Open vSwitch's {@code xdp-mode}. */
public enum AfXdpMode {
    /** The best of the others that works, from the top. */
    BEST_EFFORT,
    /** The program runs in the driver, which reads and writes the frame memory itself; nothing less. */
    NATIVE_WITH_ZEROCOPY,
    /** The program runs in the driver, and the kernel copies. */
    NATIVE,
    /** The program runs behind the driver, and the kernel copies: for any interface. */
    GENERIC;

    /** The mode in configuration, API and command line, e.g. {@code native-with-zerocopy}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads what {@link #word} writes.
     *
     * @throws IllegalArgumentException when it is none of the words, which the message lists
     */
    public static AfXdpMode parse(String word) {
        for (AfXdpMode mode : values()) {
            if (mode.word().equals(word)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("mode '" + word + "' is none of "
                + Stream.of(values()).map(AfXdpMode::word).collect(Collectors.joining(", ")));
    }
}
