// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFileTest {

    private static final String UDP_FLOW = "0a000001c0a8010201bb0035" + "11000000";
    private static final String TCP_FLOW = "fffffffe01020304ffff0050" + "06000000";

    @TempDir
    private Path folder;

    @Test
    void shouldReadNumbersInNetworkOrder() throws IOException {
        FlowSet flows = TraceFile.read(file(UDP_FLOW + TCP_FLOW));

        assertEquals(2, flows.count());
        assertEquals(new FiveTuple(0x0a000001, 0xc0a80102, 443, 53, FiveTuple.UDP), flows.flow(0));
        assertEquals(new FiveTuple(0xfffffffe, 0x01020304, 65_535, 80, FiveTuple.TCP), flows.flow(1));
    }

    @Test
    void shouldRefuseAFileThatEndsWithinARecord() throws IOException {
        String message = refusal(UDP_FLOW + "0a00");

        assertTrue(message.contains("18 bytes"), message);
        assertTrue(message.contains("16"), message);
    }

    @Test
    void shouldRefuseAnEmptyFile() throws IOException {
        assertTrue(refusal("").contains("is empty"));
    }

    @Test
    void shouldSayWhichRecordHasAnythingBehindTheProtocol() throws IOException {
        String message = refusal(UDP_FLOW + TCP_FLOW.substring(0, 30) + "01");

        assertTrue(message.contains("record 1"), message);
        assertTrue(message.contains("byte 16"), message);
    }

    @Test
    void shouldKeepTheFirstFlowsOnly() throws IOException {
        FlowSet flows = TraceFile.read(file(UDP_FLOW + TCP_FLOW)).first(1);

        assertEquals(1, flows.count());
        assertEquals(FiveTuple.UDP, flows.flow(0).protocol());
    }

    private String refusal(String hex) throws IOException {
        Path file = file(hex);
        return assertThrows(IllegalArgumentException.class, () -> TraceFile.read(file))
                .getMessage();
    }

    private Path file(String hex) throws IOException {
        return Files.write(folder.resolve("trace"), HexFormat.of().parseHex(hex));
    }
}
