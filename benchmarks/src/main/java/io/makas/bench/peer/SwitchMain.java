// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import com.google.gson.JsonObject;
import io.makas.dataplane.Datapath;
import io.makas.dataplane.DatapathConfig;
import io.makas.dataplane.DpdkConfig;
import io.makas.dataplane.PortInfo;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.port.PortConfig.VhostImplementation;
import io.makas.dataplane.port.PortConfig.VhostRole;
import io.makas.dataplane.worker.IdlePolicy;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.dataplane.worker.WorkerStatistics;
import io.makas.flow.cache.CacheStatistics;
import io.makas.flow.text.FlowText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A data path in a process of its own, told what to do line by line: {@code port NUMBER IMPLEMENTATION SOCKET}, {@code rules FILE},
 * {@code forget}, {@code statistics}, {@code compiled}. Each line is answered by one that begins with {@code ok} or
 * {@code error}. It ends with its input.
 */
public final class SwitchMain {

    /** An edit of a table that no packet comes to: caches must not know that. */
    private static final String OTHER_TABLE = "table=253,priority=1,actions=drop";

    private final Datapath datapath;

    private SwitchMain(Datapath datapath) {
        this.datapath = datapath;
    }

    /**
     * Entry point.
     *
     * @param args processor of the worker, and the name of its idle policy
     */
    public static void main(String[] args) throws IOException {
        DatapathConfig config = new DatapathConfig(
                Integer.parseInt(args[0]),
                IdlePolicy.of(args[1]),
                WorkerLimits.DEFAULT,
                DatapathConfig.DEFAULT.maxFlows(),
                DpdkConfig.DEFAULT);
        try (Datapath datapath = Datapath.open(config);
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            SwitchMain commands = new SwitchMain(datapath);
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(commands.answer(line));
            }
        }
    }

    private String answer(String line) {
        String[] words = line.split(" ", 4);
        try {
            return "ok "
                    + switch (words[0]) {
                        case "port" -> addPort(Integer.parseInt(words[1]), implementation(words[2]), Path.of(words[3]));
                        case "rules" -> addRules(Path.of(words[1]));
                        case "forget" -> forget();
                        case "statistics" -> statistics();
                        case "compiled" ->
                            Long.toString(
                                    ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
                        default -> throw new IllegalArgumentException("no command '" + words[0] + "'");
                    };
        } catch (Exception e) {
            return "error " + String.valueOf(e.getMessage()).replace('\n', ' ');
        }
    }

    private String addPort(int number, VhostImplementation implementation, Path socket) throws Exception {
        datapath.addPort(
                new PortConfig.VhostUser("port" + number, socket, VhostRole.SERVER, implementation, 1), number);
        return "";
    }

    /** The implementation of a word: {@code library}, {@code own}, or {@code default}. */
    static VhostImplementation implementation(String word) {
        return switch (word) {
            case "default" -> VhostImplementation.DEFAULT;
            case "library" -> VhostImplementation.LIBRARY;
            case "own" -> VhostImplementation.OWN;
            default ->
                throw new IllegalArgumentException(
                        "vhost implementation '" + word + "' is none of default, library, own");
        };
    }

    private String addRules(Path file) throws Exception {
        datapath.edit(FlowText.parseFile(Files.readString(file)));
        return "";
    }

    /** Every edit has workers forget what they know of flows. */
    private String forget() throws Exception {
        datapath.edit(List.of(FlowText.parse(OTHER_TABLE)));
        datapath.edit(List.of(FlowText.parse("delete table=253")));
        return "";
    }

    private String statistics() {
        if (datapath.failure() != null) {
            throw new IllegalStateException("the worker stopped: " + datapath.failure(), datapath.failure());
        }
        JsonObject json = new JsonObject();
        CacheStatistics cache = new CacheStatistics(0, 0, 0, 0, 0, 0, 0);
        long packets = 0;
        long bursts = 0;
        for (WorkerStatistics worker : datapath.workers()) {
            packets += worker.packets();
            bursts += worker.bursts();
            cache = cache.plus(worker.cache());
        }
        long dropped =
                datapath.drops().values().stream().mapToLong(Long::longValue).sum();
        for (PortInfo port : datapath.ports()) {
            dropped += port.receiveDropped() + port.transmitDropped();
        }
        json.addProperty("packets", packets);
        json.addProperty("bursts", bursts);
        json.addProperty("dropped", dropped);
        json.addProperty("exact", cache.exactHits());
        json.addProperty("megaflow", cache.megaflowHits());
        json.addProperty("miss", cache.misses());
        json.addProperty("evictions", cache.evictions());
        json.addProperty("subtables_tried", cache.subtablesTried());
        json.addProperty("megaflows", cache.megaflows());
        json.addProperty("masks", cache.masks());
        return json.toString();
    }
}
