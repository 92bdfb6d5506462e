// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rate of the processor's time stamp counter, as the kernel measured it when it started: on x86 "bogomips" is twice that many
 * MHz. It is what cycles a packet are counted in elsewhere, too. Thread: any.
 */
final class ClockRate {

    /** Cycles a nanosecond; 0 if that is not known. */
    static final double OF_THIS_MACHINE = read(Path.of("/proc/cpuinfo"));

    private static final double MHZ_IN_GHZ = 1_000;

    private ClockRate() {}

    static double read(Path cpuInfo) {
        try {
            return of(Files.readString(cpuInfo));
        } catch (IOException e) {
            return 0;
        }
    }

    static double of(String cpuInfo) {
        if (!cpuInfo.contains("constant_tsc")) {
            return 0;
        }
        Matcher bogomips =
                Pattern.compile("(?m)^bogomips\\s*:\\s*([0-9]+\\.[0-9]+)$").matcher(cpuInfo);
        return bogomips.find() ? Double.parseDouble(bogomips.group(1)) / 2 / MHZ_IN_GHZ : 0;
    }
}
