// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.QueueMove;
import io.makas.v1.RebalanceWorkersResponse;
import io.makas.v1.WorkerStatistics;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code makas workers}: what each worker did, what its time was spent on, and which queues it polls. */
@Command(
        name = "workers",
        description = "Show what each worker did, what its time was spent on, and which queues it polls.",
        mixinStandardHelpOptions = true,
        footer = {
            "%nTimes are those of bursts that were timed, one in 64 or so. Figures are since the switch started.",
            "A turn is one look at every queue; one that takes longer than a millisecond is a stall."
        })
final class WorkersCommand implements Callable<Integer> {

    @ParentCommand
    private MakasCommand makas;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        List<WorkerStatistics> workers;
        try (SwitchClient client = makas.connect()) {
            workers = client.workers();
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (output.form()) {
            case TEXT -> workers.forEach(worker -> out.print(WorkerText.text(worker)));
            case JSON ->
                out.println(Json.text(workers.stream().map(WorkerText::json).toList()));
        }
        out.flush();
        return Main.OK;
    }

    @Command(
            name = "rebalance",
            description = "Move queues between workers if that makes their loads more even, by the thresholds of the "
                    + "switch's configuration (workers.rebalance).",
            mixinStandardHelpOptions = true)
    int rebalance(@Option(names = "--dry-run", description = "Only say what would move.") boolean isDryRun) {
        RebalanceWorkersResponse answer;
        try (SwitchClient client = makas.connect()) {
            answer = client.rebalanceWorkers(isDryRun);
        }
        PrintWriter out = spec.commandLine().getOut();
        for (QueueMove move : answer.getMovesList()) {
            out.printf(
                    "%s queue %d: %s from worker %d to worker %d%n",
                    move.getPort(),
                    move.getQueue(),
                    answer.getDone() ? "moved" : "would move",
                    move.getFromWorker(),
                    move.getToWorker());
        }
        out.println((answer.getMovesCount() == 0 ? "nothing moves: " : "") + answer.getReason());
        out.flush();
        return Main.OK;
    }
}
