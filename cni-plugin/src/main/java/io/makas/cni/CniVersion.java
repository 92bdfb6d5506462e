// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The versions of the CNI specification that the plugin speaks, oldest first. */
public enum CniVersion {
    /** Rich results and chaining. */
    V0_3_0("0.3.0"),
    /** The same with a misprint corrected. */
    V0_3_1("0.3.1"),
    /** CHECK, and prevResult on DEL. */
    V0_4_0("0.4.0"),
    /** No single configurations, no {@code version} in {@code ips}. */
    V1_0_0("1.0.0"),
    /** STATUS, GC, MTU and sockets in results. */
    V1_1_0("1.1.0");

    /** What is spoken where nobody said which version. */
    public static final CniVersion NEWEST = V1_1_0;

    private final String text;

    CniVersion(String text) {
        this.text = text;
    }

    /** The version as it stands in {@code cniVersion}. */
    public String text() {
        return text;
    }

    /** The version of that text, if it is one of ours. */
    public static Optional<CniVersion> of(String text) {
        return Arrays.stream(values())
                .filter(version -> version.text.equals(text))
                .findFirst();
    }

    /** All texts, oldest first. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(CniVersion::text).toList();
    }

    /** Whether this version is the other one or a newer one. */
    public boolean isAtLeast(CniVersion other) {
        return compareTo(other) >= 0;
    }

    @Override
    public String toString() {
        return text;
    }
}
