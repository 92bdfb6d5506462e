// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EalOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A guest in a process of its own, which can be killed: it sends back every frame that it receives.
 *
 * <p>Owner: the test, which closes it.
 */
final class GuestProcess implements AutoCloseable {

    private final Process process;

    private GuestProcess(Process process) {
        this.process = process;
    }

    /** Starts a guest at a socket; {@code listens} if the switch is to connect. */
    static GuestProcess start(Path socket, boolean listens) {
        String devargs = "net_virtio_user0,path=" + socket + ",mac=02:00:00:00:00:01" + (listens ? ",server=1" : "");
        try {
            if (listens) {
                Files.deleteIfExists(socket); // A killed guest leaves its socket behind, and the next cannot listen.
            }
            return new GuestProcess(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            GuestProcess.class.getName(),
                            devargs)
                    .inheritIO()
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it, as a crash or the kernel would. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    /** The other process. */
    public static void main(String[] arguments) {
        Eal.start(EalOptions.ofHugepages());
        MbufPool pool = new MbufPool("guest", 2047, MbufPool.USUAL_FRAME_BYTES);
        DpdkPort port = DpdkPort.open(new PortConfig.Dpdk("eth0", arguments[0]), pool);
        port.attach();
        FrameBatch batch = new FrameBatch();
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        while (ProcessHandle.of(parent).isPresent()) {
            for (int turn = 0; turn < 10_000; turn++) {
                if (port.receive(batch) == 0) {
                    Thread.yield();
                } else {
                    port.transmit(batch);
                }
            }
        }
    }
}
