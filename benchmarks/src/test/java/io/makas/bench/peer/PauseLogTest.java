// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseLogTest {

    private static final String LINES = """
            [0.010s] Using G1
            [1.234s] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 25M->3M(512M) 2.345ms
            [1.234s] Safepoint "G1CollectForAllocation", At safepoint: 9 ns, Total: 2400000 ns, Threads: 0 runnable
            [2.000s] GC(1) Pause Young (Normal) (G1 Evacuation Pause) 25M->3M(512M) 1.5ms
            [2.000s] GC(2) Concurrent Mark Cycle 10.1ms
            [3.000s] Safepoint "ICBufferFull", Time since last: 1 ns, Total: 70000 ns, Threads: 1 runnable, 12 total
            """;

    @TempDir
    private Path folder;

    @Test
    void shouldCountPausesAndTellTheLongest() {
        JsonObject pauses = PauseLog.parse(LINES);

        assertEquals(2, pauses.get("collections").getAsInt());
        assertEquals(2.345, pauses.get("longest_collection_ms").getAsDouble());
        assertEquals(2, pauses.get("safepoints").getAsInt());
        assertEquals(2.4, pauses.get("longest_safepoint_ms").getAsDouble());
    }

    @Test
    void shouldTellOnlyWhatIsNew() throws IOException {
        Path file = Files.writeString(folder.resolve("log"), LINES);
        PauseLog log = new PauseLog(file);
        log.skip();

        Files.writeString(file, LINES + "[4.0s] GC(3) Pause Full (System.gc()) 25M->3M(512M) 12.0ms\n");

        assertEquals(1, log.pauses().get("collections").getAsInt());
        assertEquals(0, log.pauses().get("collections").getAsInt());
    }

    @Test
    void shouldKnowALogThatIsNotThereYet() {
        assertEquals(
                0,
                new PauseLog(folder.resolve("none")).pauses().get("safepoints").getAsInt());
    }
}
