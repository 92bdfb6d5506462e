// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowFileTest {

    @TempDir
    private Path folder;

    @Test
    void shouldReadFlowsWithoutCommentsAndEmptyLines() throws IOException {
        Path file = Files.writeString(folder.resolve("x.flows"), """
                # Two ports.

                in_port=1,actions=output:2
                  in_port=2,actions=output:1   # and back
                """);

        assertEquals(List.of("in_port=1,actions=output:2", "in_port=2,actions=output:1"), FlowFile.read(file));
    }

    @Test
    void shouldNameAFileThatIsNotThere() {
        var failure = assertThrows(IllegalStateException.class, () -> FlowFile.read(folder.resolve("none.flows")));

        assertTrue(failure.getMessage().contains("none.flows"), failure.getMessage());
    }
}
