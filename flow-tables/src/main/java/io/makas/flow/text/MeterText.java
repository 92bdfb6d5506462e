// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.meter.Meter;
import io.makas.flow.meter.MeterBand;
import io.makas.flow.meter.MeterMod;
import io.makas.flow.meter.MeterStatistics;
import io.makas.flow.table.TrafficCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Meters as text, in the syntax of {@code ovs-ofctl}: {@code meter=1 kbps burst stats bands=type=drop rate=1000 burst_size=100}.
 *
 * <p>What is written can be read again and means the same. Stateless, for any thread.
 */
public final class MeterText {

    /** What to do with a meter; a line of a file may begin with its name. */
    public enum Command {
        /** Add the meter. */
        ADD("add"),
        /** Modify the meter. */
        MODIFY("modify"),
        /** Delete the meter, or all. */
        DELETE("delete");

        private final String text;

        Command(String text) {
            this.text = text;
        }

        /** The word in {@code ovs-ofctl} syntax. */
        public String text() {
            return text;
        }
    }

    private MeterText() {}

    /**
     * Reads an edit: a meter to add, unless the text begins with another {@link Command}.
     *
     * @throws FlowTextException if it cannot be read
     */
    public static MeterMod parse(String text) throws FlowTextException {
        return parseWords(words(new Word(text, 1, 1)));
    }

    /**
     * Reads the edit that a command makes of a meter.
     *
     * @throws FlowTextException if it cannot be read
     */
    public static MeterMod parse(Command command, String text) throws FlowTextException {
        return new MeterReader(words(new Word(text, 1, 1))).mod(command);
    }

    /**
     * Reads a file of edits, one a line; empty lines and what follows a {@code #} do not count. The bands of a meter may stand
     * on lines of their own behind it, as {@code dump-meters} of Open vSwitch shows them.
     *
     * @throws FlowTextException for the first line that cannot be read
     */
    public static List<MeterMod> parseFile(String file) throws FlowTextException {
        List<List<Word>> meters = new ArrayList<>();
        int number = 0;
        for (String line : file.split("\n", -1)) {
            number++;
            List<Word> words = words(new Word(line, number, 1).before('#'));
            if (words.isEmpty()) {
                continue;
            }
            if (words.getFirst().text().startsWith("type=") && !meters.isEmpty()) {
                meters.getLast().addAll(words);
            } else {
                meters.add(words);
            }
        }
        List<MeterMod> mods = new ArrayList<>();
        for (List<Word> words : meters) {
            mods.add(parseWords(words));
        }
        return mods;
    }

    /** A meter, as {@code dump-meters} shows it but on one line. */
    public static String format(Meter meter) {
        StringBuilder text = new StringBuilder(id(meter.id()));
        text.append(' ').append(meter.unit().text());
        text.append(meter.burst() ? " burst" : "")
                .append(meter.stats() ? " stats" : "")
                .append(" bands=");
        String separator = "";
        for (MeterBand band : meter.bands()) {
            text.append(separator).append("type=").append(band.type().text());
            text.append(" rate=").append(band.rate());
            text.append(meter.burst() ? " burst_size=" + band.burstSize() : "");
            text.append(band.type() == MeterBand.Type.DSCP_REMARK ? " prec_level=" + band.precedenceLevel() : "");
            separator = " ";
        }
        return text.toString();
    }

    /** An edit as {@link #parse(String)} reads it. */
    public static String format(MeterMod mod) {
        return switch (mod) {
            case MeterMod.Add(Meter meter) -> format(meter);
            case MeterMod.Modify(Meter meter) -> Command.MODIFY.text + " " + format(meter);
            case MeterMod.Delete(int id) -> Command.DELETE.text + " " + id(id);
            case MeterMod.DeleteAll _ -> Command.DELETE.text;
        };
    }

    /** What {@code meter-stats} shows: a line of the meter, then a line of each band. */
    public static String format(MeterStatistics statistics) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "meter:%s flow_count:%d packet_in_count:%d byte_in_count:%d duration:%d.%03ds bands:",
                Integer.toUnsignedString(statistics.meter().id()),
                statistics.flows(),
                statistics.measured().packets(),
                statistics.measured().bytes(),
                statistics.durationNs() / 1_000_000_000,
                statistics.durationNs() / 1_000_000 % 1_000));
        for (int i = 0; i < statistics.bands().size(); i++) {
            TrafficCounter.Count band = statistics.bands().get(i);
            text.append(
                    String.format(Locale.ROOT, "\n%d: packet_count:%d byte_count:%d", i, band.packets(), band.bytes()));
        }
        return text.toString();
    }

    private static MeterMod parseWords(List<Word> words) throws FlowTextException {
        for (Command command : Command.values()) {
            if (!words.isEmpty() && words.getFirst().is(command.text)) {
                return new MeterReader(words.subList(1, words.size())).mod(command);
            }
        }
        return new MeterReader(words).mod(Command.ADD);
    }

    /** What stands between commas and blanks. */
    private static List<Word> words(Word line) {
        List<Word> words = new ArrayList<>();
        int start = 0;
        for (int at = 0; at <= line.text().length(); at++) {
            if (at == line.text().length()
                    || line.text().charAt(at) == ','
                    || line.text().charAt(at) <= ' ') {
                if (at > start) {
                    words.add(line.part(start, at));
                }
                start = at + 1;
            }
        }
        return words;
    }

    private static String id(int id) {
        return "meter=" + Integer.toUnsignedString(id);
    }
}
