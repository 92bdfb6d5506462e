// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/**
 * From the bytes of a request to the bytes of its answer: checks the request, calls the plugin, and writes result or error
 * in the protocol version that the request chose. The whole protocol without a socket.
 *
 * <p>Thread: any, many at once.
 */
public final class CniDispatcher {

    private static final Logger LOG = System.getLogger(CniDispatcher.class.getName());

    private final CniPlugin plugin;

    /** Serves requests with the plugin. */
    public CniDispatcher(CniPlugin plugin) {
        this.plugin = plugin;
    }

    /** Serves one request. Never throws: whatever goes wrong is in the answer. */
    public CniWire.Answer serve(CniWire.Request wire) {
        long startNs = System.nanoTime();
        String what = describe(wire);
        CniRequest request = null;
        try {
            if ("VERSION".equals(wire.environment().get("CNI_COMMAND"))) {
                return success(versions(wire.stdin()), null);
            }
            request = CniRequest.parse(wire.environment(), wire.stdin());
            CniWire.Answer answer = success(call(request), request);
            // Runtimes and probes ask for the status every few seconds.
            Level level = request.command() == CniCommand.STATUS ? Level.DEBUG : Level.INFO;
            LOG.log(level, "{0} served in {1} µs", what, (System.nanoTime() - startNs) / 1_000);
            return answer;
        } catch (CniError e) {
            LOG.log(Level.WARNING, what + " failed: " + e, e.getCause());
            return failure(e, wire, request);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, what + " failed by a mistake in the plugin", e);
            return failure(new CniError(CniError.INTERNAL, "mistake in the Makas agent: " + e), wire, request);
        }
    }

    private JsonObject call(CniRequest request) throws CniError {
        switch (request.command()) {
            case ADD -> {
                return plugin.add(request).toJson(request.config().version());
            }
            case DEL -> plugin.del(request);
            case CHECK -> plugin.check(request);
            case STATUS -> plugin.status(request);
            case GC -> plugin.gc(request);
            case VERSION -> throw new IllegalStateException("VERSION is answered without the plugin");
        }
        return null;
    }

    private static JsonObject versions(byte[] stdin) throws CniError {
        JsonObject input = stdin.length == 0 ? new JsonObject() : Json.parseObject(stdin, "standard input");
        JsonObject json = new JsonObject();
        json.addProperty("cniVersion", Json.optionalText(input, "cniVersion", CniVersion.NEWEST.text()));
        JsonArray supported = new JsonArray();
        CniVersion.texts().forEach(supported::add);
        json.add("supportedVersions", supported);
        return json;
    }

    private static CniWire.Answer success(JsonObject json, CniRequest request) {
        byte[] stdout = json == null ? new byte[0] : bytes(Json.print(json) + "\n");
        return new CniWire.Answer(0, stdout, stderr(request));
    }

    private static CniWire.Answer failure(CniError error, CniWire.Request wire, CniRequest request) {
        String json = Json.print(error.toJson(versionOf(wire, request))) + "\n";
        return new CniWire.Answer(1, bytes(json), stderr(request));
    }

    /** The version that the request chose if it is one of ours, even when the rest of the request is wrong. */
    private static String versionOf(CniWire.Request wire, CniRequest request) {
        if (request != null) {
            return request.config().version().text();
        }
        try {
            String text = Json.optionalText(Json.parseObject(wire.stdin(), "configuration"), "cniVersion", "");
            return CniVersion.of(text).orElse(CniVersion.NEWEST).text();
        } catch (CniError e) {
            return CniVersion.NEWEST.text();
        }
    }

    private static byte[] stderr(CniRequest request) {
        return bytes(request == null ? "" : request.diagnostics().text());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String describe(CniWire.Request wire) {
        return "CNI " + wire.environment().getOrDefault("CNI_COMMAND", "request without CNI_COMMAND") + " "
                + wire.environment().getOrDefault("CNI_CONTAINERID", "-") + "/"
                + wire.environment().getOrDefault("CNI_IFNAME", "-");
    }
}
