// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ErrnoTest {

    @Test
    void shouldNameNumbersFromBothEndsOfTheTable() {
        assertEquals("EPERM (1)", Errno.name(1));
        assertEquals("EAGAIN (11)", Errno.name(Errno.EAGAIN));
        assertEquals("EOPNOTSUPP (95)", Errno.name(Errno.EOPNOTSUPP));
        assertEquals("ENOBUFS (105)", Errno.name(Errno.ENOBUFS));
        assertEquals("ERFKILL (132)", Errno.name(132));
    }

    @Test
    void shouldGiveNumbersWithoutANameAsNumbers() {
        assertEquals("errno 0", Errno.name(0));
        assertEquals("errno 41", Errno.name(41));
        assertEquals("errno 4095", Errno.name(4095));
        assertEquals("errno -1", Errno.name(-1));
    }

    @Test
    void shouldAnswerTheErrnoOfACallThatFails() {
        assertEquals(-Errno.EBADF, LibcFiles.close(-1));
    }

    @Test
    void shouldSayInAMessageWhatFailedWhyAndWhatToDo() {
        SysException e = new SysException("bind of x to y", Errno.EBUSY, "end the process that holds it");

        assertEquals("bind of x to y failed: EBUSY (16); end the process that holds it", e.getMessage());
        assertEquals(Errno.EBUSY, e.errno());
    }

    @Test
    void shouldNameThePackageOfALibraryThatIsMissing() {
        String message = org.junit.jupiter.api.Assertions.assertThrows(
                        SysException.class, () -> Native.library("libmakas-none.so.9", "libmakas9"))
                .getMessage();

        assertTrue(message.contains("libmakas-none.so.9") && message.contains("apt install libmakas9"), message);
    }
}
