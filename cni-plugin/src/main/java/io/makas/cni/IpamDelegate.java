// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Address management by another plugin (specification, section 4): the plugin named in {@code ipam.type} is executed with
 * the environment and the configuration of the request. An ADD that fails is followed by a DEL.
 *
 * <p>A delegated plugin may be older than the runtime. If it refuses the request's version, it is asked for its own, and gets
 * the request in the newest version that both know; that is remembered for the file. Before a command that came with a later
 * version it is asked at once: a plugin that does not know the command complains of its variables, not of the version.
 *
 * <p>Thread: any, many at once.
 */
public final class IpamDelegate {

    /** How long the IPAM plugin may take. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    /** How long it may take to undo its own failed ADD. Both together are less than the launcher waits: the reason arrives. */
    public static final Duration RELEASE_LIMIT = Duration.ofSeconds(10);

    private final Duration limit;
    private final Duration releaseLimit;

    /** The newest version that plugins speak, of those that were asked. Grows with the files named in configurations. */
    private final Map<Path, CniVersion> newest = new ConcurrentHashMap<>();

    /** A delegate with the usual limits. */
    public IpamDelegate() {
        this(LIMIT, RELEASE_LIMIT);
    }

    IpamDelegate(Duration limit, Duration releaseLimit) {
        this.limit = limit;
        this.releaseLimit = releaseLimit;
    }

    /** Asks for addresses. With no IPAM plugin configured the result is empty. */
    public CniResult add(CniRequest request) throws CniError {
        if (request.config().ipamType().isEmpty()) {
            return CniResult.EMPTY;
        }
        try {
            byte[] stdout = execute(request, CniCommand.ADD, limit);
            CniResult result = CniResult.parse(Json.parseObject(stdout, "the result"), "the result");
            if (result.ips().isEmpty()) {
                throw new CniError(CniError.INVALID_CONFIG, "it assigned no address");
            }
            return result;
        } catch (CniError e) {
            release(request, e);
            throw prefixed(request, e);
        }
    }

    /** Gives addresses back. */
    public void del(CniRequest request) throws CniError {
        forward(request, CniCommand.DEL);
    }

    /** Asks whether the addresses are still reserved. */
    public void check(CniRequest request) throws CniError {
        forward(request, CniCommand.CHECK);
    }

    /** Asks whether addresses could be assigned; a plugin too old to know the question is taken to be ready. */
    public void status(CniRequest request) throws CniError {
        forward(request, CniCommand.STATUS);
    }

    /** Passes on which attachments are valid; a plugin too old for that keeps its leases until DEL. */
    public void gc(CniRequest request) throws CniError {
        forward(request, CniCommand.GC);
    }

    private void forward(CniRequest request, CniCommand command) throws CniError {
        if (request.config().ipamType().isEmpty()) {
            return;
        }
        try {
            execute(request, command, limit);
        } catch (CniError e) {
            throw prefixed(request, e);
        }
    }

    private void release(CniRequest request, CniError because) {
        try {
            execute(request, CniCommand.DEL, releaseLimit);
        } catch (CniError e) {
            because.addSuppressed(e);
            request.diagnostics().add("release of addresses after a failed ADD: " + e);
        }
    }

    private byte[] execute(CniRequest request, CniCommand command, Duration within) throws CniError {
        String type = request.config().ipamType();
        Path file = PluginProcess.find(type, request.path());
        CniVersion wanted = request.config().version();
        if (command.since().isAtLeast(CniVersion.V1_1_0) && !newest.containsKey(file)) {
            newestVersion(request, file, within, version -> true).ifPresent(version -> newest.put(file, version));
        }
        CniVersion version = earlier(wanted, newest.getOrDefault(file, wanted));
        while (true) {
            if (!version.isAtLeast(command.since())) {
                return new byte[0];
            }
            byte[] stdin = version == wanted ? request.stdin() : inVersion(request, version);
            PluginProcess.Outcome outcome = run(request, command, file, stdin, within);
            if (outcome.exitCode() == 0) {
                return outcome.stdout();
            }
            CniError error = outcome.error(type);
            if (error.code() != CniError.INCOMPATIBLE_VERSION) {
                throw error;
            }
            CniVersion refused = version;
            version = newestVersion(request, file, within, each -> !each.isAtLeast(refused))
                    .orElseThrow(() -> error);
            newest.put(file, version);
        }
    }

    private static PluginProcess.Outcome run(
            CniRequest request, CniCommand command, Path file, byte[] stdin, Duration within) throws CniError {
        Map<String, String> environment = new HashMap<>(request.environment());
        environment.put("CNI_COMMAND", command.name());
        PluginProcess.Outcome outcome = PluginProcess.run(file, environment, stdin, within);
        request.diagnostics().add(outcome.stderr());
        return outcome;
    }

    private static Optional<CniVersion> newestVersion(
            CniRequest request, Path file, Duration within, Predicate<CniVersion> among) throws CniError {
        JsonObject question = new JsonObject();
        question.addProperty("cniVersion", request.config().version().text());
        byte[] stdin = Json.print(question).getBytes(StandardCharsets.UTF_8);
        PluginProcess.Outcome outcome = run(request, CniCommand.VERSION, file, stdin, within);
        JsonObject answer = Json.parseObject(outcome.stdout(), "its answer to VERSION");
        return Json.texts(answer, "supportedVersions").stream()
                .flatMap(text -> CniVersion.of(text).stream())
                .filter(among)
                .max(CniVersion::compareTo);
    }

    private static byte[] inVersion(CniRequest request, CniVersion version) {
        JsonObject config = request.config().json().deepCopy();
        config.addProperty("cniVersion", version.text());
        request.config().previous().ifPresent(previous -> config.add("prevResult", previous.toJson(version)));
        return Json.print(config).getBytes(StandardCharsets.UTF_8);
    }

    private static CniVersion earlier(CniVersion a, CniVersion b) {
        return a.isAtLeast(b) ? b : a;
    }

    private static CniError prefixed(CniRequest request, CniError e) {
        String message = "IPAM plugin '" + request.config().ipamType() + "': " + e.getMessage();
        CniError prefixed = new CniError(e.code(), message, e.details());
        prefixed.initCause(e);
        return prefixed;
    }
}
