// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.flow.text.FlowText;
import io.makas.v1.FlowEdit;
import io.makas.v1.FlowEdit.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Parameters;

/** Flow texts from arguments, files or standard input. Filled by picocli. */
final class FlowTexts {

    private static final List<Command> COMMANDS = List.of(
            Command.COMMAND_ADD,
            Command.COMMAND_MODIFY,
            Command.COMMAND_MODIFY_STRICT,
            Command.COMMAND_DELETE,
            Command.COMMAND_DELETE_STRICT);

    @Parameters(
            arity = "0..*",
            paramLabel = "FLOW|FILE|-",
            description = "Flows; files with a flow a line; or - for standard input.")
    private List<String> arguments = List.of();

    /**
     * A flow text and where it was found.
     *
     * @param place "file:line: ", or "" for an argument
     * @param text the text, without the comment
     */
    record Line(String place, String text) {

        /** The edit of this line, which may begin with another command of {@code ovs-ofctl} bundles, e.g. "delete ip". */
        FlowEdit edit(Command otherwise) {
            for (Command command : COMMANDS) {
                String word = word(command);
                if (text.startsWith(word) && text.length() > word.length() && text.charAt(word.length()) == ' ') {
                    return FlowEdit.newBuilder()
                            .setCommand(command)
                            .setText(text.substring(word.length() + 1))
                            .build();
                }
            }
            return FlowEdit.newBuilder().setCommand(otherwise).setText(text).build();
        }

        /** Where in the text a character of the edit's text is, both counted from 1. */
        int column(int columnInEdit) {
            return columnInEdit
                    + text.length()
                    - edit(Command.COMMAND_ADD).getText().length();
        }
    }

    /** The text that stands for every flow. */
    static Line everyFlow() {
        return new Line("", "");
    }

    /** Whether there is any. */
    boolean isGiven() {
        return !arguments.isEmpty();
    }

    /** All the flow texts, in order. */
    List<Line> read() {
        if (arguments.isEmpty()) {
            throw new UsageException("give a flow like 'in_port=1,actions=output:2', a file with one a line, or - for "
                    + "standard input");
        }
        List<Line> lines = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals("-")) {
                addAll("standard input", new InputStreamReader(System.in, StandardCharsets.UTF_8), lines);
            } else if (isFile(argument)) {
                try (Reader reader = Files.newBufferedReader(Path.of(argument))) {
                    addAll(argument, reader, lines);
                } catch (IOException e) {
                    throw new UsageException("cannot read '" + argument + "': " + e.getMessage());
                }
            } else {
                lines.add(new Line("", argument));
            }
        }
        return lines;
    }

    /** A flow has a '=' or is a word like "ip" that hardly names a file; what is there as a file, is one. */
    private static boolean isFile(String argument) {
        if (argument.contains("actions=")) {
            return false;
        }
        try {
            Path path = Path.of(argument);
            if (Files.isRegularFile(path) || Files.isReadable(path) && !Files.isDirectory(path)) {
                return true;
            }
        } catch (java.nio.file.InvalidPathException e) {
            return false;
        }
        if (argument.contains("/") && !argument.contains("=")) {
            throw new UsageException("there is no file '" + argument + "'");
        }
        return false;
    }

    private static void addAll(String name, Reader reader, List<Line> lines) {
        try (var buffered = new BufferedReader(reader)) {
            int number = 0;
            for (String line = buffered.readLine(); line != null; line = buffered.readLine()) {
                number++;
                String text = FlowText.flowOf(line).strip();
                if (!text.isEmpty()) {
                    lines.add(new Line(name + ":" + number + ": ", text));
                }
            }
        } catch (IOException e) {
            throw new UsageException("cannot read '" + name + "': " + e.getMessage());
        }
    }

    /** {@code COMMAND_DELETE_STRICT} is delete_strict. */
    private static String word(Command command) {
        return command.name().substring("COMMAND_".length()).toLowerCase(Locale.ROOT);
    }
}
