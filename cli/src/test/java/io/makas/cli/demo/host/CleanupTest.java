// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CleanupTest {

    private final List<String> removed = new ArrayList<>();
    private final Cleanup cleanup = new Cleanup();

    @Test
    void shouldRemoveTheNewestFirst() {
        push("switch");
        push("container");
        push("attachment");

        List<String> problems = cleanup.run();

        assertEquals(List.of("attachment", "container", "switch"), removed);
        assertEquals(List.of(), problems);
    }

    @Test
    void shouldGoOnAfterAFailureAndReportIt() {
        push("switch");
        cleanup.push("container", () -> {
            throw new IOException("device busy");
        });
        cleanup.push("bridge", () -> {
            throw new IllegalStateException("no such device");
        });
        push("attachment");

        List<String> problems = cleanup.run();

        assertEquals(List.of("attachment", "switch"), removed);
        assertEquals(List.of("bridge: no such device", "container: device busy"), problems);
    }

    @Test
    void shouldRemoveEverythingOnce() {
        push("switch");

        cleanup.run();
        cleanup.run();

        assertEquals(List.of("switch"), removed);
    }

    @Test
    void shouldRemoveAtOnceWhatIsPushedAfterTheEnd() {
        cleanup.run();

        push("server");

        assertEquals(List.of("server"), removed);
    }

    @Test
    void shouldLetASecondCallerWaitForTheFirst() throws InterruptedException {
        CountDownLatch removing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        cleanup.push("switch", () -> {
            removing.countDown();
            go.await();
            removed.add("switch");
        });
        Thread first = Thread.ofPlatform().start(cleanup::run);
        removing.await();
        List<String> seenBySecond = new ArrayList<>();
        Thread second = Thread.ofPlatform().start(() -> {
            cleanup.run();
            seenBySecond.addAll(removed);
        });

        go.countDown();
        first.join();
        second.join();

        assertEquals(List.of("switch"), seenBySecond);
    }

    private void push(String what) {
        cleanup.push(what, () -> removed.add(what));
    }
}
