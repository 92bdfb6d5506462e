// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Instructions;
import io.makas.flow.meter.Meter;
import io.makas.flow.meter.MeterBand;
import io.makas.flow.meter.MeterMod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads one meter: its flags, then its bands. What is made of it is asked for afterwards. For one meter. */
final class MeterReader {

    private static final Set<String> KNOWN = Set.of("meter", "kbps", "pktps", "burst", "stats", "bands");
    private static final Set<String> KNOWN_OF_BANDS = Set.of("type", "rate", "burst_size", "prec_level");
    private static final int MAX_PRECEDENCE_LEVEL = 255;

    private final List<Word> words;
    private final List<MeterBand> bands = new ArrayList<>();
    private Word idWord;
    private Word flagWord;
    private Meter.Unit unit;
    private boolean burst;
    private boolean stats;
    private Word bandsWord;

    // Of the band that is being read:
    private Word typeWord;
    private MeterBand.Type type;
    private long rate;
    private long burstSize;
    private int precedenceLevel;

    /** Reads the words of a meter. */
    MeterReader(List<Word> words) throws FlowTextException {
        this.words = words;
        for (Word word : words) {
            if (bandsWord == null) {
                property(word);
            } else {
                ofBand(word);
            }
        }
        endBand();
    }

    MeterMod mod(MeterText.Command command) throws FlowTextException {
        return switch (command) {
            case ADD -> new MeterMod.Add(meter());
            case MODIFY -> new MeterMod.Modify(meter());
            case DELETE -> delete();
        };
    }

    private Meter meter() throws FlowTextException {
        int id = id();
        if (unit == null) {
            throw end().error("no unit; write kbps or pktps");
        }
        if (bandsWord == null || bands.isEmpty()) {
            throw end().error("no bands; write bands=type=drop rate=…");
        }
        return new Meter(id, unit, burst, stats, bands);
    }

    private MeterMod delete() throws FlowTextException {
        if (flagWord != null || bandsWord != null) {
            throw (flagWord != null ? flagWord : bandsWord).error("a meter to delete has an id and nothing else");
        }
        return idWord == null || idWord.is("all") ? new MeterMod.DeleteAll() : new MeterMod.Delete(id());
    }

    private void property(Word word) throws FlowTextException {
        Word name = word.before('=');
        Word value = word.after('=');
        switch (name.text()) {
            case "kbps", "pktps" -> {
                Meter.Unit read = name.is("kbps") ? Meter.Unit.KBPS : Meter.Unit.PKTPS;
                if (unit != null && unit != read) {
                    throw name.error("a meter measures kbps or pktps, not both");
                }
                unit = read;
                flagWord = word;
            }
            case "burst" -> {
                burst = true;
                flagWord = word;
            }
            case "stats" -> {
                stats = true;
                flagWord = word;
            }
            case "meter" -> idWord = valued(name, value);
            case "band", "bands" -> {
                bandsWord = valued(name, value);
                if (!value.isEmpty()) {
                    ofBand(value);
                }
            }
            default -> throw name.unknown("property of meters", KNOWN);
        }
    }

    private void ofBand(Word word) throws FlowTextException {
        Word name = word.before('=');
        if (!KNOWN_OF_BANDS.contains(name.text())) {
            throw name.unknown("property of bands", KNOWN_OF_BANDS);
        }
        Word value = valued(name, word.after('='));
        if (name.is("type")) {
            endBand();
            typeWord = value;
            type = type(value);
            return;
        }
        if (typeWord == null) {
            throw name.error("a band begins with its type: type=drop or type=dscp_remark");
        }
        switch (name.text()) {
            case "rate" -> rate = value.number(MeterBand.MAX_RATE);
            case "burst_size" -> burstSize = value.number(MeterBand.MAX_RATE);
            case "prec_level" -> precedenceLevel = value.number(MAX_PRECEDENCE_LEVEL);
            default -> throw new IllegalStateException(name.text());
        }
    }

    private void endBand() throws FlowTextException {
        if (typeWord == null) {
            return;
        }
        if (rate == 0) {
            throw typeWord.error("the band has no rate; write rate=…, from 1 on");
        }
        if (burst != (burstSize != 0)) {
            throw typeWord.error(
                    burst
                            ? "the band has no burst_size, which the flag burst asks for"
                            : "the band has a burst_size, which needs the flag burst before bands=");
        }
        if ((type == MeterBand.Type.DSCP_REMARK) != (precedenceLevel != 0)) {
            throw typeWord.error(
                    precedenceLevel == 0
                            ? "the band has no prec_level, which dscp_remark needs"
                            : "the band has a prec_level, which only dscp_remark has");
        }
        bands.add(new MeterBand(type, rate, burstSize, precedenceLevel));
        typeWord = null;
        rate = 0;
        burstSize = 0;
        precedenceLevel = 0;
    }

    private static MeterBand.Type type(Word value) throws FlowTextException {
        for (MeterBand.Type type : MeterBand.Type.values()) {
            if (value.is(type.text())) {
                return type;
            }
        }
        throw value.expected("drop or dscp_remark");
    }

    private int id() throws FlowTextException {
        if (idWord == null) {
            throw end().error("no id; write meter=…");
        }
        int id = (int) idWord.number(Integer.toUnsignedLong(Instructions.MAX_METER));
        if (id == Instructions.NO_METER) {
            throw idWord.expected("a meter from 1 to " + Integer.toUnsignedString(Instructions.MAX_METER));
        }
        return id;
    }

    private static Word valued(Word name, Word value) throws FlowTextException {
        if (value == null) {
            throw name.error("'" + name.text() + "' needs a value: " + name.text() + "=…");
        }
        return value;
    }

    private Word end() {
        return words.isEmpty()
                ? new Word("", 1, 1)
                : words.getLast().from(words.getLast().text().length());
    }
}
