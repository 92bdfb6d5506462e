// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

import io.makas.agent.log.Log;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * The switch's process. Main makes everything and takes it apart; a signal only asks it to.
 */
public final class Main {

    private static final Log LOG = Log.of("agent");
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private Main() {}

    /** Entry point, called by the launcher. */
    public static void main(String[] args) {
        var stopper = new Stopper();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("makas-stop").unstarted(stopper));
        int exitCode = 1;
        try {
            exitCode = new CommandLine(new SwitchCommand(stopper.asked)).execute(args);
        } catch (Error e) {
            LOG.error("failed", "cause", e);
        }
        stopper.exitCode = exitCode;
        stopper.done.countDown();
        System.exit(exitCode);
    }

    /**
     * Runs when the virtual machine is told to stop, by a signal or by main itself: lets main take everything apart, then leaves with
     * main's exit code, where the virtual machine's own would be that of the signal.
     */
    private static final class Stopper implements Runnable {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch done = new CountDownLatch(1);

        /** Written by main before {@link #done}. */
        private volatile int exitCode = 1;

        @Override
        public void run() {
            asked.countDown();
            try {
                if (!done.await(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    LOG.error("not stopped in time; leaving", "limit", STOP_LIMIT);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
