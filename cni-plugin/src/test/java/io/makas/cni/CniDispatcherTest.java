// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CniDispatcherTest {

    private final FakePlugin plugin = new FakePlugin();
    private final CniDispatcher dispatcher = new CniDispatcher(plugin);

    @ParameterizedTest
    @EnumSource(CniVersion.class)
    void shouldAnswerAddInTheVersionOfTheRequest(CniVersion version) {
        CniWire.Answer answer = serve("ADD", Requests.CONFIG.replace("1.0.0", version.text()));

        assertEquals(0, answer.exitCode());
        assertEquals("{\"cniVersion\":\"" + version + "\",\"dns\":{}}\n", text(answer.stdout()));
        assertEquals("noted ADD\n", text(answer.stderr()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEL", "CHECK", "STATUS"})
    void shouldPrintNothingForOtherCommands(String command) {
        CniWire.Answer answer = serve(command, Requests.CONFIG.replace("1.0.0", "1.1.0"));

        assertEquals(0, answer.exitCode(), text(answer.stdout()));
        assertEquals("", text(answer.stdout()));
        assertEquals(CniCommand.valueOf(command), plugin.requests.getFirst().command());
    }

    @Test
    void shouldCollectWithTheValidAttachments() {
        String config = Requests.configWith("\"cni.dev/valid-attachments\": []").replace("1.0.0", "1.1.0");

        assertEquals(0, serve("GC", config).exitCode());
        assertEquals(CniCommand.GC, plugin.requests.getFirst().command());
    }

    @Test
    void shouldPrintErrorsInTheVersionOfTheRequest() {
        plugin.error = new CniError(CniError.TRY_AGAIN_LATER, "a \"port\" is missing", "long story");

        CniWire.Answer answer = serve("ADD", Requests.CONFIG.replace("1.0.0", "0.4.0"));

        assertEquals(1, answer.exitCode());
        assertEquals("""
                {"cniVersion":"0.4.0","code":11,"msg":"a \\"port\\" is missing","details":"long story"}
                """, text(answer.stdout()));
    }

    @Test
    void shouldPrintErrorsOfBadRequestsInTheirVersionWhereItCanBeRead() {
        CniWire.Answer withVersion = serve("ADD", Requests.configWith("\"mtu\": 1"));
        CniWire.Answer without = serve("ADD", "{");

        assertEquals("""
                {"cniVersion":"1.0.0","code":7,"msg":"\\"mtu\\": 1 is not a whole number from 68 to 9000"}
                """, text(withVersion.stdout()));
        assertEquals(
                "{\"cniVersion\":\"1.1.0\",\"code\":6", text(without.stdout()).substring(0, 30));
    }

    @Test
    void shouldAnswerAMistakeOfThePluginToo() {
        plugin.mistake = new IllegalStateException("oops");

        CniWire.Answer answer = serve("DEL", Requests.CONFIG);

        assertEquals(1, answer.exitCode());
        assertEquals("""
                {"cniVersion":"1.0.0","code":999,\
                "msg":"mistake in the Makas agent: java.lang.IllegalStateException: oops"}
                """, text(answer.stdout()));
    }

    @Test
    void shouldListVersionsWithoutAConfiguration() {
        String supported = ",\"supportedVersions\":[\"0.3.0\",\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}\n";

        CniWire.Answer asked = dispatcher.serve(
                new CniWire.Request(Map.of("CNI_COMMAND", "VERSION"), Requests.bytes("{\"cniVersion\":\"0.4.0\"}")));
        CniWire.Answer silent = dispatcher.serve(new CniWire.Request(Map.of("CNI_COMMAND", "VERSION"), new byte[0]));

        assertEquals("{\"cniVersion\":\"0.4.0\"" + supported, text(asked.stdout()));
        assertEquals("{\"cniVersion\":\"1.1.0\"" + supported, text(silent.stdout()));
    }

    private CniWire.Answer serve(String command, String config) {
        return dispatcher.serve(new CniWire.Request(Requests.environment(command), Requests.bytes(config)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
