// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import com.google.gson.JsonObject;
import io.makas.dataplane.Datapath;
import io.makas.dataplane.DatapathConfig;
import io.makas.dataplane.DpdkConfig;
import io.makas.dataplane.PortInfo;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.port.PortConfig.VhostRole;
import io.makas.dataplane.worker.IdlePolicy;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.dataplane.worker.WorkerStatistics;
import io.makas.flow.cache.CacheStatistics;
import io.makas.flow.text.FlowText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A data path in a process of its own, told what to do line by line: {@code port NUMBER SOCKET}, {@code rules FILE},
 * {@code forget}, {@code statistics}. Each line is answered by one that begins with {@code ok} or {@code error}. It ends with its
 * input.
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
     * @param args processor of the worker, and how long it spins without traffic, in nanoseconds
     */
    public static void main(String[] args) throws IOException {
        DatapathConfig config = new DatapathConfig(
                Integer.parseInt(args[0]),
                new IdlePolicy(Long.parseLong(args[1]), 0, IdlePolicy.DEFAULT.longestSleepNs()),
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
        String[] words = line.split(" ", 3);
        try {
            return "ok "
                    + switch (words[0]) {
                        case "port" -> addPort(Integer.parseInt(words[1]), Path.of(words[2]));
                        case "rules" -> addRules(Path.of(words[1]));
                        case "forget" -> forget();
                        case "statistics" -> statistics();
                        default -> throw new IllegalArgumentException("no command '" + words[0] + "'");
                    };
        } catch (Exception e) {
            return "error " + String.valueOf(e.getMessage()).replace('\n', ' ');
        }
    }

    private String addPort(int number, Path socket) throws Exception {
        datapath.addPort(new PortConfig.VhostUser("port" + number, socket, VhostRole.SERVER), number);
        return "";
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
        json.addProperty("overflow", cache.overflows());
        json.addProperty("subtables_tried", cache.subtablesTried());
        json.addProperty("megaflows", cache.megaflows());
        json.addProperty("masks", cache.masks());
        return json.toString();
    }
}
