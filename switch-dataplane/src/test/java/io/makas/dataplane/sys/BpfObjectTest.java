// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;
import org.junit.jupiter.api.Test;

@RequiresRoot
@RequiresLibrary(value = "libbpf.so.1", debianPackage = "libbpf1")
final class BpfObjectTest {

    private static final String RESOURCE = "xsk_redirect.bpf.o";
    private static final Set<String> PROGRAM = Set.of("makas_take_all");

    @Test
    void shouldLoadOnlyTheProgramsThatAreWanted() {
        try (BpfObject object = BpfObject.loadResource(RESOURCE, PROGRAM)) {
            assertTrue(object.programFd("makas_take_all") > 0);
            assertThrows(SysException.class, () -> object.programFd("makas_take_queue"));
        }
    }

    @Test
    void shouldSayWhichProgramOrMapIsMissing() {
        SysException program =
                assertThrows(SysException.class, () -> BpfObject.loadResource(RESOURCE, Set.of("no_such_program")));
        assertTrue(program.getMessage().contains("no_such_program"), program.getMessage());

        try (BpfObject object = BpfObject.loadResource(RESOURCE, PROGRAM)) {
            SysException map = assertThrows(SysException.class, () -> object.map("no_such_map"));
            assertTrue(map.getMessage().contains("no_such_map"), map.getMessage());
        }
    }

    @Test
    void shouldRefuseBytesThatAreNoObjectFile() {
        SysException e = assertThrows(SysException.class, () -> BpfObject.load("rubbish", new byte[100], PROGRAM));

        assertTrue(e.getMessage().contains("no eBPF object file"), e.getMessage());
    }

    @Test
    void shouldQuoteTheVerifier() throws Exception {
        byte[] elf;
        try (InputStream in = BpfObject.class.getResourceAsStream("/io/makas/dataplane/bpf/" + RESOURCE)) {
            elf = in.readAllBytes();
        }
        breakEveryCall(elf);

        SysException e = assertThrows(SysException.class, () -> BpfObject.load("broken", elf, PROGRAM));

        assertEquals(Errno.EINVAL, e.errno());
        assertTrue(e.getMessage().contains("the verifier says:"), e.getMessage());
        assertTrue(e.getMessage().contains("invalid func"), e.getMessage());
    }

    @Test
    void shouldAnswerWhatTheKernelAnswersOfAnEntry() {
        try (BpfObject object = BpfObject.loadResource(RESOURCE, PROGRAM);
                Arena arena = Arena.ofConfined()) {
            BpfMap map = object.map("makas_sockets");
            MemorySegment key = arena.allocateFrom(ValueLayout.JAVA_INT, 3);

            assertEquals(Integer.BYTES, map.keyBytes());
            assertEquals(Integer.BYTES, map.valueBytes());
            assertEquals(0, map.remove(key));
            assertEquals(
                    -Errno.EOPNOTSUPP, map.get(key, arena.allocate(ValueLayout.JAVA_INT)), "sockets cannot be read");
            assertEquals(0, map.nextKey(MemorySegment.NULL, key));
            assertEquals(0, key.get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Test
    void shouldSayWhichEntryCouldNotBeSet() {
        try (BpfObject object = BpfObject.loadResource(RESOURCE, PROGRAM)) {
            SysException e = assertThrows(
                    SysException.class, () -> object.map("makas_sockets").put(100_000, 0));

            assertTrue(e.getMessage().contains("entry 100000 of eBPF map makas_sockets"), e.getMessage());
        }
    }

    /** Replaces the helper's number in each {@code call} instruction ({@code BPF_JMP | BPF_CALL}, 0x85) by one that is none. */
    private static void breakEveryCall(byte[] elf) {
        for (int i = 0; i + 8 <= elf.length; i += 8) {
            boolean redirectMap = elf[i] == (byte) 0x85 && elf[i + 1] == 0 && elf[i + 4] == 51 && elf[i + 5] == 0;
            if (redirectMap) {
                elf[i + 5] = 0x7f;
            }
        }
    }
}
