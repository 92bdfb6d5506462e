// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.DropCounter;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code makas drops}: packets dropped, by reason. */
@Command(
        name = "drops",
        description = "Show how many packets were dropped, for every reason there is.",
        mixinStandardHelpOptions = true)
final class DropsCommand implements Callable<Integer> {

    @ParentCommand
    private MakasCommand makas;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        List<DropCounter> drops;
        try (SwitchClient client = makas.connect()) {
            drops = client.drops();
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (output.form()) {
            case TEXT -> {
                var table = new TextTable("REASON", "PACKETS");
                drops.forEach(drop -> table.row(drop.getReason(), drop.getPackets()));
                out.print(table);
            }
            case JSON -> {
                Map<String, Object> json = new LinkedHashMap<>();
                drops.forEach(drop -> json.put(drop.getReason(), drop.getPackets()));
                out.println(Json.text(json));
            }
        }
        out.flush();
        return Main.OK;
    }
}
