// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM writes of its collections and safepoints ({@code -Xlog:gc,safepoint}), read from where the last reading ended. */
final class PauseLog {

    /** {@code GC(3) Pause Young (Normal) (G1 Evacuation Pause) 25M->3M(512M) 2.345ms}. */
    private static final Pattern PAUSE = Pattern.compile("GC\\(\\d+\\) Pause .* ([\\d.]+)ms");

    /** {@code Safepoint "ICBufferFull", …, Total: 12345 ns, …}. */
    private static final Pattern SAFEPOINT = Pattern.compile("Safepoint \"\\w+\".*Total:\\s+(\\d+) ns");

    private static final double NS_PER_MS = 1e6;

    private final Path file;
    private int read;

    PauseLog(Path file) {
        this.file = file;
    }

    /** The option that has a JVM write it. */
    String option() {
        return "-Xlog:gc,safepoint:file=" + file + ":uptime:filecount=0";
    }

    /** Everything written so far. */
    String text() {
        try {
            return Files.readString(file);
        } catch (IOException _) {
            return "";
        }
    }

    /** Leaves out what was written until now. */
    void skip() {
        read = text().length();
    }

    /** Counts and longest pauses of what was written since the last call of this or of {@link #skip}. */
    JsonObject pauses() {
        String all = text();
        String news = all.substring(Math.min(read, all.length()));
        read = all.length();
        return parse(news);
    }

    static JsonObject parse(String lines) {
        int collections = 0;
        int safepoints = 0;
        double longestCollectionMs = 0;
        double longestSafepointMs = 0;
        for (String line : lines.lines().toList()) {
            Matcher pause = PAUSE.matcher(line);
            Matcher safepoint = SAFEPOINT.matcher(line);
            if (pause.find()) {
                collections++;
                longestCollectionMs = Math.max(longestCollectionMs, Double.parseDouble(pause.group(1)));
            } else if (safepoint.find()) {
                safepoints++;
                longestSafepointMs = Math.max(longestSafepointMs, Long.parseLong(safepoint.group(1)) / NS_PER_MS);
            }
        }
        JsonObject json = new JsonObject();
        json.addProperty("collections", collections);
        json.addProperty("longest_collection_ms", longestCollectionMs);
        json.addProperty("safepoints", safepoints);
        json.addProperty("longest_safepoint_ms", longestSafepointMs);
        return json;
    }
}
