// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import io.makas.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inputs that are nearly right: each is answered, or refused in one line with its place. */
final class OfflineInputRandomTest {

    private static final String PACKET =
            "{\"in_port\":1,\"packet\":\"0200000000020200000000010800450000140000000040060000010101010a000001\",\"time_ms\":5}";

    private static final String CASE = "{\"ports\":[1,2],\"groups\":[\"group_id=1,type=all,bucket=output:2\"],"
            + "\"meters\":[\"meter=1 kbps bands=type=drop rate=9\"],\"flows\":[\"table=0,ip,nw_dst=10.0.0.0/8,actions=dec_ttl,"
            + "goto_table:1\",\"table=1,priority=3,idle_timeout=4,actions=output:2,controller:9\",\"actions=normal\"],\"packets\":["
            + PACKET + "," + PACKET + "]}";

    private static final byte[] LIKELY =
            "{}[]\",:\\0123456789abcdefghijklnoprstuxy=/.-#\t \n\r\0\u00e4".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    void shouldAnswerOrRefuseAnyPacketInOneLine() throws IOException {
        Path flows = Files.writeString(folder.resolve("flows.txt"), "actions=output:2,controller");
        run(51, PACKET, "--flows", flows.toString(), "--ports", "1,2", "--packets");
    }

    @Test
    void shouldAnswerOrRefuseAnyCaseInOneLine() throws IOException {
        run(52, CASE, "--cases");
    }

    @Test
    void shouldAnswerOrRefuseAnyFlowInOneLine() throws IOException {
        Path packets = Files.writeString(folder.resolve("in.jsonl"), PACKET);
        run(
                53,
                "table=0,priority=7,cookie=0x1,tcp,in_port=1,nw_dst=10.0.0.0/8,tp_dst=80,actions=set_field:1->reg0,output:2",
                "--packets",
                packets.toString(),
                "--ports",
                "1,2",
                "--flows");
    }

    private void run(long seed, String text, String... options) throws IOException {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Path file = folder.resolve("input");
        String[] arguments = Arrays.copyOf(new String[] {"trace", "--offline", "--json"}, options.length + 4);
        System.arraycopy(options, 0, arguments, 3, options.length);
        arguments[arguments.length - 1] = file.toString();
        int answered = 0;
        for (int i = 0; i < 400; i++) {
            byte[] spoilt = spoil(text.getBytes(StandardCharsets.UTF_8), random);
            Files.write(file, spoilt);
            var out = new StringWriter();
            var err = new StringWriter();
            int exitCode = Main.commandLine()
                    .setOut(new PrintWriter(out))
                    .setErr(new PrintWriter(err, true))
                    .execute(arguments);
            String what = new String(spoilt, StandardCharsets.UTF_8) + "\n" + err;
            if (exitCode == 0) {
                answered++;
                assertEquals("", err.toString(), what);
                out.toString().lines().forEach(line -> assertIsJson(line, what));
            } else {
                assertEquals(2, exitCode, what);
                assertEquals(1, err.toString().lines().count(), what);
                assertTrue(err.toString().matches("(?s)makas: \\Q" + file + "\\E:\\d+:\\d+: .*expected.*\\R"), what);
            }
        }
        assertTrue(answered > 0, "answered " + answered);
    }

    private static byte[] spoil(byte[] text, SplittableRandom random) {
        byte[] spoilt = text.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(spoilt.length);
            int kind = random.nextInt(8);
            if (kind == 0) {
                spoilt = Arrays.copyOf(spoilt, Math.max(1, at));
            } else if (kind == 1) {
                System.arraycopy(spoilt, 0, spoilt, at, Math.min(at, spoilt.length - at));
            } else {
                spoilt[at] = kind == 2 ? (byte) random.nextInt(256) : LIKELY[random.nextInt(LIKELY.length)];
            }
        }
        return spoilt;
    }

    private static void assertIsJson(String line, String what) {
        try {
            assertTrue(JsonParser.parseString(line).isJsonObject(), what);
        } catch (JsonSyntaxException e) {
            throw new AssertionError(what + line, e);
        }
    }
}
