// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.meter.Meter;
import io.makas.flow.meter.MeterBand;
import io.makas.flow.meter.MeterMod;
import io.makas.flow.meter.MeterStatistics;
import io.makas.flow.table.TrafficCounter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MeterTextTest {

    @Test
    void shouldReadTheMeterOfTheManual() throws FlowTextException {
        MeterMod mod = MeterText.parse("meter=1 kbps burst stats bands=type=drop rate=1000 burst_size=100,"
                + " type=dscp_remark,rate=500,burst_size=50,prec_level=2");

        assertEquals(
                new MeterMod.Add(new Meter(
                        1,
                        Meter.Unit.KBPS,
                        true,
                        true,
                        List.of(MeterBand.drop(1000, 100), MeterBand.remark(500, 50, 2)))),
                mod);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "meter=1 kbps bands=type=drop rate=1000",
                "meter=4294901760 pktps burst bands=type=drop rate=4294967295 burst_size=4294967295",
                "meter=2 pktps stats bands=type=dscp_remark rate=1 prec_level=1 type=drop rate=2",
                "modify meter=2 kbps bands=type=drop rate=1",
                "delete meter=2",
                "delete",
            })
    void shouldWriteWhatItReads(String text) throws FlowTextException {
        assertEquals(text, MeterText.format(MeterText.parse(text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kbps bands=type=drop rate=1 | 28 | no id",
                "meter=0 kbps bands=type=drop rate=1 | 7 | a meter from 1 to 4294901760",
                "meter=4294901761 kbps bands=type=drop rate=1 | 7 | a number from 0 to 4294901760",
                "meter=1 bands=type=drop rate=1 | 31 | kbps or pktps",
                "meter=1 kbps pktps bands=type=drop rate=1 | 14 | not both",
                "meter=1 kbps | 13 | no bands",
                "meter=1 kbps bands= | 20 | no bands",
                "meter=1 kbps bands=rate=1 | 20 | a band begins with its type",
                "meter=1 kbps bands=type=stop rate=1 | 25 | drop or dscp_remark",
                "meter=1 kbps bands=type=drop | 25 | no rate",
                "meter=1 kbps bands=type=drop rate=0 | 25 | no rate",
                "meter=1 kbps bands=type=drop rate=4294967296 | 35 | a number from 0 to 4294967295",
                "meter=1 kbps bands=type=drop rate=1 burst_size=1 | 25 | needs the flag burst",
                "meter=1 kbps burst bands=type=drop rate=1 | 31 | no burst_size",
                "meter=1 kbps bands=type=dscp_remark rate=1 | 25 | no prec_level",
                "meter=1 kbps bands=type=drop rate=1 prec_level=1 | 25 | only dscp_remark has",
                "meter=1 kpbs bands=type=drop rate=1 | 9 | did you mean kbps?",
                "delete meter=1 kbps | 16 | nothing else",
            })
    void shouldPointToWhatIsWrong(String text, int column, String message) {
        FlowTextException e = assertThrows(FlowTextException.class, () -> MeterText.parse(text));

        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals(column, e.column(), e.getMessage());
    }

    @Test
    void shouldReadFilesAndWhatDumpMetersOfOpenVSwitchShows() throws FlowTextException {
        List<MeterMod> mods = MeterText.parseFile(
                "# meters\nmeter=1 kbps bands=\ntype=drop rate=5\ntype=dscp_remark rate=4 prec_level=1\n"
                        + "\nadd meter=2 pktps bands=type=drop rate=6 # more\n");

        assertEquals(
                List.of(
                        "meter=1 kbps bands=type=drop rate=5 type=dscp_remark rate=4 prec_level=1",
                        "meter=2 pktps bands=type=drop rate=6"),
                mods.stream().map(MeterText::format).toList());
        FlowTextException e = assertThrows(
                FlowTextException.class, () -> MeterText.parseFile("meter=1 kbps bands=\ntype=drop rate=x"));
        assertEquals("line 2, column 16", e.locatedMessage().substring(0, 17));
    }

    @Test
    void shouldWriteStatisticsAsMeterStatsDoes() {
        MeterStatistics statistics = new MeterStatistics(
                new Meter(3, Meter.Unit.KBPS, false, false, List.of(MeterBand.drop(1, 0))),
                2,
                new TrafficCounter.Count(5, 500),
                List.of(new TrafficCounter.Count(1, 100)),
                1_500_000_000L);

        assertEquals(
                "meter:3 flow_count:2 packet_in_count:5 byte_in_count:500 duration:1.500s bands:\n"
                        + "0: packet_count:1 byte_count:100",
                MeterText.format(statistics));
    }
}
