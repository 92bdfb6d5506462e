// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code ovs-ofctl} makes of flows: it reads them, encodes them as OpenFlow 1.3, and prints what a switch would decode. */
final class OvsOfctl {

    private static final int BATCH = 50;
    private static final String PREFIX = "OFPT_FLOW_MOD (OF1.3) (xid=0x1): ADD ";

    private OvsOfctl() {}

    static boolean isInstalled() {
        return Files.isExecutable(Path.of("/usr/bin/ovs-ofctl"));
    }

    /** Each flow as it is printed, as a flow that can be read again; null for those that are refused. */
    static List<String> print(List<String> flows) throws IOException, InterruptedException {
        List<String> printed = new ArrayList<>();
        for (int start = 0; start < flows.size(); start += BATCH) {
            List<String> batch = flows.subList(start, Math.min(flows.size(), start + BATCH));
            List<String> together = run(batch);
            if (together.size() == batch.size()) {
                printed.addAll(together);
                continue;
            }
            // One that is refused spoils the batch.
            for (String flow : batch) {
                List<String> alone = run(List.of(flow));
                printed.add(alone.isEmpty() ? null : alone.getFirst());
            }
        }
        return printed;
    }

    private static List<String> run(List<String> flows) throws IOException, InterruptedException {
        Path file = Files.createTempFile("makas", ".flows");
        try {
            Files.write(file, flows);
            Process process = new ProcessBuilder("ovs-ofctl", "-O", "OpenFlow13", "parse-flows", file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output.lines()
                    .filter(line -> line.startsWith(PREFIX))
                    .map(line -> flow(line.substring(PREFIX.length())))
                    .toList();
        } finally {
            Files.delete(file);
        }
    }

    /** A message is printed a little otherwise than a flow is written. */
    private static String flow(String message) {
        int actions = message.indexOf("actions=");
        String head = message.substring(0, actions)
                .replace("table:", "table=")
                .replace("cookie:", "cookie=")
                .replace("idle:", "idle_timeout=")
                .replace("hard:", "hard_timeout=");
        return head + message.substring(actions);
    }
}
