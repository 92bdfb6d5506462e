// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import java.util.List;

/** The transport protocol of a measurement. */
public enum Protocol {
    /** User Datagram Protocol. */
    UDP("udp", List.of()),
    /** Transmission Control Protocol. */
    TCP("tcp", List.of("--tcp"));

    private final String label;
    private final List<String> sockperfOptions;

    Protocol(String label, List<String> sockperfOptions) {
        this.label = label;
        this.sockperfOptions = sockperfOptions;
    }

    /** The word for it in reports. */
    public String label() {
        return label;
    }

    List<String> sockperfOptions() {
        return sockperfOptions;
    }
}
