// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guest may make the file behind its memory shorter at any time; whoever touches what is gone gets a bus error. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class ShrinkingGuestTest {

    @TempDir
    private Path directory;

    /** Interpreted, compiled quickly and compiled well: the virtual machine catches the signal in a different way in each. */
    @ParameterizedTest
    @CsvSource({"-Xint, 200", "-XX:TieredStopAtLevel=1, 20000", "-XX:+TieredCompilation, 20000"})
    void shouldLoseOnlyThePortWhoseMemoryShrinksUnderTraffic(String compiler, String turns) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + directory.resolve("crash"),
                        compiler,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShrinkingGuest.class.getName(),
                        directory.toString(),
                        turns)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it hangs");

        String printed = Files.readString(output);
        assertEquals(0, process.exitValue(), printed);
        assertTrue(printed.contains("survived with 1024 buffers"), printed);
    }
}
