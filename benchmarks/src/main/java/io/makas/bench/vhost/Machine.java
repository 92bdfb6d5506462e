// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a measurement ran on. */
final class Machine {

    private Machine() {}

    /** Processor, kernel, JVM, hugepages. */
    static JsonObject describe() {
        JsonObject json = new JsonObject();
        json.addProperty("processor", field("/proc/cpuinfo", "model name"));
        json.addProperty("processor_mhz", field("/proc/cpuinfo", "cpu MHz"));
        json.addProperty("processors", Runtime.getRuntime().availableProcessors());
        json.addProperty("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        json.addProperty("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        json.addProperty("hugepages", field("/proc/meminfo", "HugePages_Total"));
        return json;
    }

    /** Hugepages of the usual size that are free, in MiB. */
    static long freeHugepagesMib() {
        try {
            return Long.parseLong(field("/proc/meminfo", "HugePages_Free"))
                    * Long.parseLong(field("/proc/meminfo", "Hugepagesize").replace(" kB", ""))
                    / 1_024;
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private static String field(String file, String name) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException _) {
            return "unknown";
        }
    }
}
