// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import com.google.gson.JsonObject;
import io.makas.bench.guest.GuestDevice;
import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code dpdk-testpmd} in the switch's place: it sends what comes in by one vhost port out by the other and looks at nothing
 * ({@code io}), so it shows what the rings themselves allow.
 */
public final class TestPmdPeer implements Peer {

    private static final int MEMORY_MIB = 256;
    private static final int START_SECONDS = 20;

    private final ChildProcess process;
    private final GuestDevice first;
    private final GuestDevice second;
    private String version = "";

    private TestPmdPeer(ChildProcess process, GuestDevice first, GuestDevice second) {
        this.process = process;
        this.first = first;
        this.second = second;
    }

    /** Starts it with two ports. */
    public static TestPmdPeer start(Path folder, PeerOptions options) throws IOException, InterruptedException {
        Path socket1 = folder.resolve("testpmd-1");
        Path socket2 = folder.resolve("testpmd-2");
        int core = options.switchCore();
        ProcessBuilder builder = new ProcessBuilder(
                "dpdk-testpmd",
                "-v",
                "--lcores=0@" + core + ",1@" + core,
                "--in-memory",
                "--no-pci",
                "-m",
                Integer.toString(MEMORY_MIB),
                "--vdev=net_vhost0,iface=" + socket1,
                "--vdev=net_vhost1,iface=" + socket2,
                "--",
                "--forward-mode=io",
                "--stats-period=100",
                "--total-num-mbufs=16384");
        ChildProcess process;
        try {
            process = ChildProcess.start(folder.resolve("testpmd.log"), builder);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "dpdk-testpmd cannot be started; on Debian and Ubuntu: apt install dpdk-dev", e);
        }
        TestPmdPeer peer = new TestPmdPeer(process, options.device(), options.device());
        try {
            process.awaitFile(socket2, START_SECONDS);
            peer.first.connect(socket1);
            peer.second.connect(socket2);
            peer.version = process.printed()
                    .lines()
                    .filter(line -> line.contains("RTE Version"))
                    .map(line -> line.replaceAll(".*'(.*)'.*", "$1"))
                    .findFirst()
                    .orElse("");
            return peer;
        } catch (InterruptedException | RuntimeException e) {
            peer.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "testpmd";
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public boolean hasRules() {
        return false;
    }

    @Override
    public GuestDevice first() {
        return first;
    }

    @Override
    public GuestDevice second() {
        return second;
    }

    @Override
    public void resume() {
        process.resume();
    }

    @Override
    public void pause() {
        process.pause();
    }

    /** It remembers nothing. */
    @Override
    public void forget() {}

    /** It does not tell while it runs. */
    @Override
    public void beginCounting() {}

    @Override
    public JsonObject counted() {
        return new JsonObject();
    }

    @Override
    public long processorNs() {
        return process.processorNs();
    }

    @Override
    public void close() {
        process.resumeIfAlive();
        process.close();
        first.close();
        second.close();
    }
}
