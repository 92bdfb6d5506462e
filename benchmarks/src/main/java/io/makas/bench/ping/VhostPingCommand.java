// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.ping;

import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.port.DpdkPort;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.sys.CpuAffinity;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EalOptions;
import io.makas.dataplane.sys.SysException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code makas bench vhost-ping}: is the guest at two vhost-user ports of a running switch, and measures between them. */
@Command(
        name = "vhost-ping",
        mixinStandardHelpOptions = true,
        description = {
            "Round trips and throughput between two vhost-user ports of a running switch, seen from their guests.",
            "The switch must listen on both sockets and have a flow for each direction."
        })
public final class VhostPingCommand implements Callable<Integer> {

    private static final int MIN_PAYLOAD_BYTES = 18;
    private static final int MAX_PAYLOAD_BYTES = 1_472;
    private static final int MAX_SECONDS = 600;
    private static final long WARM_UP_NS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final long LOST_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int BUFFERS = 8_191;

    @Spec
    private CommandSpec spec;

    @Option(names = "--a", required = true, paramLabel = "SOCKET", description = "Socket of the first port.")
    private Path socketA;

    @Option(names = "--b", required = true, paramLabel = "SOCKET", description = "Socket of the second port.")
    private Path socketB;

    @Option(
            names = "--seconds",
            defaultValue = "2",
            description = "Length of each of the two measurements (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--bytes",
            defaultValue = "64",
            description = "UDP payload of each frame (default ${DEFAULT-VALUE}); headers are 42 bytes more.")
    private int bytes;

    @Option(names = "--core", description = "CPU of the polling thread (default: wherever the scheduler puts it).")
    private Integer core;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result to this file.")
    private Path json;

    @Override
    public Integer call() throws IOException {
        check("--bytes", bytes, MIN_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES);
        check("--seconds", seconds, 1, MAX_SECONDS);
        PingResult result;
        try {
            result = measure();
        } catch (SysException | IllegalStateException e) {
            System.err.println("makas bench vhost-ping: " + e.getMessage());
            return 1;
        }
        System.out.println(result);
        if (json != null) {
            Files.writeString(json, result.toJson() + "\n");
        }
        return 0;
    }

    private PingResult measure() {
        // A guest's memory is mapped by the switch, file by file, of which there may be eight.
        Eal.start(new EalOptions(true, 0, "error", List.of("--single-file-segments")));
        OptionalInt pinned = core == null ? OptionalInt.empty() : OptionalInt.of(core);
        pinned.ifPresent(CpuAffinity::pinTo);
        try (MbufPool pool = new MbufPool("vhost-ping", BUFFERS, MbufPool.USUAL_FRAME_BYTES);
                DpdkPort a = DpdkPort.open(guest(0, socketA), pool);
                DpdkPort b = DpdkPort.open(guest(1, socketB), pool)) {
            a.attach();
            b.attach();
            try {
                return measure(new PingPong(a, b, bytes, LOST_NS));
            } finally {
                b.detach();
                a.detach();
            }
        }
    }

    private PingResult measure(PingPong pingPong) {
        if (!pingPong.awaitAnswer(PATIENCE_NS)) {
            throw new IllegalStateException("no frame came back in " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS)
                    + " s: does the switch have a flow for each direction between " + socketA + " and " + socketB
                    + "?");
        }
        pingPong.roundTrips(WARM_UP_NS);
        Histogram roundTrips = pingPong.roundTrips(TimeUnit.SECONDS.toNanos(seconds));
        long lost = pingPong.lost();
        pingPong.framesPerSecond(WARM_UP_NS);
        double framesPerSecond = pingPong.framesPerSecond(TimeUnit.SECONDS.toNanos(seconds));
        return new PingResult(roundTrips, lost, framesPerSecond);
    }

    private static PortConfig.Dpdk guest(int number, Path socket) {
        String device = "net_virtio_user" + number;
        return new PortConfig.Dpdk(device, device + ",path=" + socket.toAbsolutePath());
    }

    private void check(String option, int value, int from, int to) {
        if (value < from || value > to) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + value + " is not from " + from + " to " + to);
        }
    }
}
