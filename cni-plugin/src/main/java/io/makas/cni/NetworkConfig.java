// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration that a request carries: one plugin's part of a conflist, with what the runtime put into it.
 *
 * <p>Every value is read and checked here, so that a wrong one is refused with its key before anything is made. Keys of ours,
 * beside those of the specification:
 *
 * <ul>
 *   <li>{@code agentSocket}, {@code agentTimeoutSeconds}: read by the launcher, see {@code makas-cni.c}
 *   <li>{@code mtu}: MTU of both ends of the pod's interface, 68 to 9000, 1500 if left out
 * </ul>
 *
 * @param version the protocol version chosen by the runtime
 * @param name of the network
 * @param mtuBytes MTU of the pod's interface
 * @param ipamType file name of the IPAM plugin, or empty: the interface gets no address
 * @param dns overrides the IPAM plugin's where it says anything
 * @param mac Ethernet address that the runtime wants for the pod's interface (capability {@code mac}), or empty
 * @param previous result of the plugin before, or of ADD when the command is another
 * @param validAttachments for GC: everything that may stay
 * @param json the whole, as delegated plugins get it
 */
public record NetworkConfig(
        CniVersion version,
        String name,
        int mtuBytes,
        String ipamType,
        CniResult.Dns dns,
        String mac,
        Optional<CniResult> previous,
        List<Attachment> validAttachments,
        JsonObject json) {

    /** Smallest MTU: what RFC 791 asks of every link. */
    public static final int MIN_MTU_BYTES = 68;
    /** Largest MTU. */
    public static final int MAX_MTU_BYTES = 9_000;
    /** MTU where the configuration says nothing. */
    public static final int DEFAULT_MTU_BYTES = 1_500;

    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]*";
    private static final String FILE_NAME = "[^/\\x00.][^/\\x00]*";
    private static final String MAC = "[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}";

    /** Keys of the specification, of its libraries, and ours. Anything else is refused on ADD. */
    private static final Set<String> KEYS = Set.of(
            "cniVersion",
            "cniVersions",
            "name",
            "type",
            "args",
            "capabilities",
            "runtimeConfig",
            "prevResult",
            "ipam",
            "dns",
            "ipMasq",
            "disableCheck",
            "disableGC",
            "agentSocket",
            "agentTimeoutSeconds",
            "mtu");

    /** Capabilities that the runtime may pass in {@code runtimeConfig}; the two about addresses are the IPAM plugin's. */
    private static final Set<String> CAPABILITIES = Set.of("mac", "ips", "ipRanges", "dns", "aliases", "cgroupPath");

    /**
     * Reads and checks a configuration.
     *
     * @param command what is asked. Only ADD refuses keys that nobody knows. DEL follows every failed ADD, so it reads
     *     nothing but what it needs: a container that could not be added for a wrong value can be deleted all the same
     */
    public static NetworkConfig parse(byte[] stdin, CniCommand command) throws CniError {
        JsonObject json = Json.parseObject(stdin, "the network configuration on standard input");
        CniVersion version = version(json, command);
        String name = Json.text(json, "name");
        if (!name.matches(NAME)) {
            throw invalid("name", name, "must start with a letter or digit, and go on with those, '_', '.' and '-'");
        }
        if (command == CniCommand.DEL) {
            return forDel(version, name, json);
        }
        JsonObject ipam = Json.object(json, "ipam");
        String ipamType = Json.text(ipam, "type");
        if (ipamType.isEmpty() ? !ipam.isEmpty() : !ipamType.matches(FILE_NAME)) {
            throw invalid("ipam.type", ipamType, "must be the file name of an IPAM plugin, e.g. host-local");
        }
        if (command == CniCommand.ADD) {
            refuseUnsupported(json);
        }
        String mac = Json.text(Json.object(json, "runtimeConfig"), "mac");
        if (!mac.isEmpty() && (!mac.matches(MAC) || (Character.digit(mac.charAt(1), 16) & 1) != 0)) {
            throw invalid(
                    "runtimeConfig.mac", mac, "must be an Ethernet address of one station, e.g. 02:00:0a:01:00:05");
        }
        return new NetworkConfig(
                version,
                name,
                Json.number(json, "mtu", MIN_MTU_BYTES, MAX_MTU_BYTES, DEFAULT_MTU_BYTES),
                ipamType,
                ResultJson.parseDns(Json.object(json, "dns")),
                mac,
                previous(json),
                command == CniCommand.GC ? validAttachments(json) : List.of(),
                json);
    }

    private static NetworkConfig forDel(CniVersion version, String name, JsonObject json) {
        JsonElement ipam = json.get("ipam");
        String type = ipam instanceof JsonObject object ? Json.optionalText(object, "type", "") : "";
        return new NetworkConfig(
                version,
                name,
                DEFAULT_MTU_BYTES,
                type.matches(FILE_NAME) ? type : "",
                CniResult.Dns.NONE,
                "",
                Optional.empty(),
                List.of(),
                json);
    }

    private static CniVersion version(JsonObject json, CniCommand command) throws CniError {
        String text = Json.text(json, "cniVersion");
        CniVersion version = CniVersion.of(text)
                .orElseThrow(() -> new CniError(
                        CniError.INCOMPATIBLE_VERSION,
                        "cniVersion \"" + text + "\" is not supported; supported are "
                                + String.join(", ", CniVersion.texts())));
        if (!version.isAtLeast(command.since())) {
            throw new CniError(
                    CniError.INCOMPATIBLE_VERSION,
                    "cniVersion \"" + text + "\" has no " + command + "; it came with " + command.since());
        }
        return version;
    }

    private static void refuseUnsupported(JsonObject json) throws CniError {
        for (Map.Entry<String, JsonElement> each : json.entrySet()) {
            if (!KEYS.contains(each.getKey()) && !each.getKey().startsWith("cni.dev/")) {
                throw unsupported(each.getKey(), each.getValue(), "is not a key of the Makas plugin; see its example");
            }
        }
        if (Json.flag(json, "ipMasq")) {
            throw unsupported("ipMasq", json.get("ipMasq"), "is not supported: the switch translates no addresses");
        }
        for (Map.Entry<String, JsonElement> each :
                Json.object(json, "runtimeConfig").entrySet()) {
            if (!CAPABILITIES.contains(each.getKey())) {
                throw unsupported(
                        "runtimeConfig." + each.getKey(),
                        each.getValue(),
                        "is not supported; remove it from \"capabilities\" of the conflist");
            }
        }
    }

    private static Optional<CniResult> previous(JsonObject json) throws CniError {
        JsonObject previous = Json.object(json, "prevResult");
        return previous.isEmpty() ? Optional.empty() : Optional.of(CniResult.parse(previous, "prevResult"));
    }

    /** Missing means that the runtime forgot it, which must not remove everything; Go prints an empty list as null. */
    private static List<Attachment> validAttachments(JsonObject json) throws CniError {
        String key = "cni.dev/valid-attachments";
        if (!json.has(key)) {
            throw new CniError(
                    CniError.INVALID_CONFIG, "\"" + key + "\" is missing; GC needs the list of what may stay");
        }
        List<Attachment> valid = new ArrayList<>();
        for (JsonObject each : Json.objects(json, key)) {
            valid.add(new Attachment(Json.text(each, "containerID"), Json.text(each, "ifname")));
        }
        return List.copyOf(valid);
    }

    private static CniError invalid(String key, String value, String rule) {
        return new CniError(CniError.INVALID_CONFIG, "\"" + key + "\": \"" + value + "\" is not valid: it " + rule);
    }

    private static CniError unsupported(String key, JsonElement value, String why) {
        return new CniError(
                CniError.UNSUPPORTED_FIELD, "unsupported field \"" + key + "\": " + Json.quote(value) + " " + why);
    }
}
