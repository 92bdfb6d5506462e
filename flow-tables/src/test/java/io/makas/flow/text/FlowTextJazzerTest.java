// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import io.makas.flow.table.FlowMod;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text is a flow or is refused with a place within it, and what is a flow is the same one when it is written and read. */
class FlowTextJazzerTest {

    static Stream<String> flows() {
        RandomTexts texts = new RandomTexts(8300);
        return Stream.generate(texts::flow).limit(200);
    }

    @MethodSource("flows")
    @FuzzTest(maxDuration = "30s")
    void shouldReadWhatItWritesOfAnyText(@NotNull @WithUtf8Length(max = 2_000) String text) {
        shouldRoundTrip(text);
    }

    /** Refuses the text with a place within it, or reads it, writes it and reads the same. */
    static boolean shouldRoundTrip(String text) {
        FlowMod mod;
        try {
            mod = FlowText.parse(text);
        } catch (FlowTextException e) {
            assertTrue(e.column() >= 1 && e.column() <= text.length() + 1, e.locatedMessage() + " of " + text);
            assertTrue(text.startsWith(e.word(), e.column() - 1), e.locatedMessage() + " of " + text);
            return false;
        }
        String written = FlowText.format(mod);
        try {
            assertEquals(mod, FlowText.parse(written), () -> text + " written as " + written);
            assertEquals(written, FlowText.format(FlowText.parse(written)));
        } catch (FlowTextException e) {
            throw new AssertionError(text + " written as " + written + ": " + e.locatedMessage(), e);
        }
        return true;
    }
}
