// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.agent.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwitchProcessTest {

    @TempDir
    private Path folder;

    @Test
    void shouldServeOnASocketForOwnerAndGroupAndLeaveNothingBehind() throws Exception {
        Path socket = folder.resolve("makas.sock");

        try (RunningSwitch running = RunningSwitch.start(folder)) {
            running.assertWorks();
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        }

        assertFolderIsEmpty();
    }

    @Test
    void shouldRefuseASecondSwitchOnTheSameSocketAndGoOn() throws Exception {
        try (RunningSwitch running = RunningSwitch.start(folder)) {
            var refused = assertThrows(StartException.class, () -> RunningSwitch.start(folder));

            assertTrue(
                    refused.getMessage().contains(folder.resolve("makas.sock").toString()), refused.getMessage());
            assertTrue(
                    refused.getMessage()
                            .contains("process " + ProcessHandle.current().pid()),
                    refused.getMessage());
            running.assertWorks();
        }
    }

    @Test
    void shouldServeContainerRuntimesAndRefuseASecondSwitchThere() throws Exception {
        Path socket = folder.resolve("cni.sock");
        Path other = Files.createDirectory(folder.resolve("other"));

        try (RunningSwitch running = RunningSwitch.start(folder, "--cni-socket=" + socket)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            var refused =
                    assertThrows(StartException.class, () -> RunningSwitch.start(other, "--cni-socket=" + socket));
            assertTrue(refused.getMessage().contains("another agent listens on " + socket), refused.getMessage());
            assertTrue(Files.exists(socket));
            running.assertWorks();
        }

        Files.delete(other);
        assertFolderIsEmpty();
    }

    @Test
    void shouldLoadFlowsFromAFile() throws Exception {
        Path flows = Files.writeString(
                folder.resolve("flows.txt"), "# both ways\nin_port=1,actions=output:2\n\nin_port=2,actions=output:1\n");

        try (RunningSwitch running = RunningSwitch.start(folder, "--flow-file=" + flows)) {
            assertEquals(2, running.flows().size());
            running.inject();
            running.awaitFrame("port2");
        }
    }

    @Test
    void shouldNotStartWithAWrongFlowFileAndLeaveNothingBehind() throws Exception {
        Path flows =
                Files.writeString(folder.resolve("flows.txt"), "in_port=1,actions=output:2\nnw_dts=1,actions=drop\n");

        var wrong = assertThrows(StartException.class, () -> RunningSwitch.start(folder, "--flow-file=" + flows));
        var missing = assertThrows(StartException.class, () -> RunningSwitch.start(folder, "--flow-file=/none/f.txt"));

        assertTrue(wrong.getMessage().contains("flows.txt:2:1: "), wrong.getMessage());
        assertTrue(missing.getMessage().contains("no flow file '/none/f.txt'"), missing.getMessage());
        Files.delete(flows);
        assertFolderIsEmpty();
    }

    @Test
    void shouldNotStartWithoutAPortThatWasAskedForAndLeaveNothingBehind() throws Exception {
        var refused = assertThrows(StartException.class, () -> RunningSwitch.start(folder, "--port=3=afxdp:mk-none"));

        assertTrue(refused.getMessage().contains("port 'port3'"), refused.getMessage());
        assertTrue(refused.getMessage().contains("mk-none"), refused.getMessage());
        assertFolderIsEmpty();
    }

    @Test
    void shouldNotStartOnAProcessorThatIsNotThereAndLeaveNothingBehind() throws Exception {
        var refused = assertThrows(StartException.class, () -> RunningSwitch.start(folder, "--worker-cores=1023"));

        assertTrue(refused.getMessage().contains("1023"), refused.getMessage());
        assertFolderIsEmpty();
    }

    @Test
    void shouldNotStartWithAGroupThatIsNotThereAndLeaveNothingBehind() throws Exception {
        var config =
                RunningSwitch.config("--socket", folder.resolve("makas.sock").toString());
        var grpc = new io.makas.agent.config.SwitchConfig.Grpc(
                config.grpc().socket(), 0660, java.util.Optional.of("no-such-group-here"));
        var wrong = new io.makas.agent.config.SwitchConfig(
                grpc,
                config.cni(),
                config.workers(),
                config.dpdk(),
                config.flowFile(),
                config.ports(),
                config.limits(),
                config.log());

        var refused = assertThrows(StartException.class, () -> SwitchProcess.start(wrong));

        assertTrue(refused.getMessage().contains("no-such-group-here"), refused.getMessage());
        assertFolderIsEmpty();
    }

    @Test
    void shouldRefuseTheSamePortNumberTwice() {
        var refused =
                assertThrows(ConfigException.class, () -> RunningSwitch.config("--port=1=memory", "--port=1=memory"));

        assertTrue(refused.getMessage().contains("number 1"), refused.getMessage());
    }

    private void assertFolderIsEmpty() throws Exception {
        try (var left = Files.list(folder)) {
            var names = left.toList();
            assertTrue(names.isEmpty(), names.toString());
        }
        assertFalse(Files.exists(folder.resolve("makas.sock")));
    }
}
