// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checked request: what the runtime passed in environment and standard input.
 *
 * @param command what is asked
 * @param attachment container and interface; for STATUS and GC both are empty
 * @param netns path of the container's network namespace; empty where the command allows it
 * @param args {@code CNI_ARGS}, in order
 * @param path folders with plugins, {@code CNI_PATH}
 * @param config the network configuration
 * @param environment every variable that the launcher had, for delegated plugins
 * @param stdin the configuration's bytes, for delegated plugins
 * @param diagnostics text for the launcher's standard error
 */
public record CniRequest(
        CniCommand command,
        Attachment attachment,
        String netns,
        Map<String, String> args,
        List<Path> path,
        NetworkConfig config,
        Map<String, String> environment,
        byte[] stdin,
        Diagnostics diagnostics) {

    private static final String CONTAINER_ID = "[A-Za-z0-9][A-Za-z0-9_.-]*";
    private static final int MAX_CONTAINER_ID = 1_024;
    /** {@code IFNAMSIZ} of {@code linux/if.h} less the end mark. */
    private static final int MAX_IFNAME_BYTES = 15;

    /**
     * Reads and checks a request, the environment first.
     *
     * @throws CniError 4 with the names of all variables that are wrong, or what {@link NetworkConfig} found
     */
    public static CniRequest parse(Map<String, String> environment, byte[] stdin) throws CniError {
        CniCommand command = command(environment.getOrDefault("CNI_COMMAND", ""));
        String containerId = environment.getOrDefault("CNI_CONTAINERID", "");
        String ifName = environment.getOrDefault("CNI_IFNAME", "");
        String netns = environment.getOrDefault("CNI_NETNS", "");
        List<String> wrong = new ArrayList<>();
        if (command.concernsAttachment()) {
            checkContainerId(containerId, wrong);
            checkIfName(ifName, wrong);
        }
        if (command.needsNamespace()) {
            checkNetns(netns, wrong);
        }
        Map<String, String> args = args(environment.getOrDefault("CNI_ARGS", ""), command, wrong);
        List<Path> path = path(environment.getOrDefault("CNI_PATH", ""), wrong);
        if (!wrong.isEmpty()) {
            throw new CniError(CniError.INVALID_ENVIRONMENT, String.join("; ", wrong));
        }
        return new CniRequest(
                command,
                new Attachment(containerId, ifName),
                netns,
                Collections.unmodifiableMap(args),
                path,
                NetworkConfig.parse(stdin, command),
                Map.copyOf(environment),
                stdin,
                new Diagnostics());
    }

    /** Whether a name may be given to a network interface: {@code dev_valid_name} of the kernel. */
    static boolean isInterfaceName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes >= 1
                && bytes <= MAX_IFNAME_BYTES
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == ':' || c <= ' ' || Character.isWhitespace(c));
    }

    private static CniCommand command(String text) throws CniError {
        for (CniCommand command : CniCommand.values()) {
            if (command.name().equals(text)) {
                return command;
            }
        }
        throw new CniError(
                CniError.INVALID_ENVIRONMENT,
                text.isEmpty()
                        ? "CNI_COMMAND is missing"
                        : "CNI_COMMAND=" + text + " is none of " + Arrays.toString(CniCommand.values()));
    }

    private static void checkContainerId(String id, List<String> wrong) {
        if (id.isEmpty()) {
            wrong.add("CNI_CONTAINERID is missing");
        } else if (!id.matches(CONTAINER_ID) || id.length() > MAX_CONTAINER_ID) {
            wrong.add(
                    "CNI_CONTAINERID=" + id + " must start with a letter or digit, go on with those, '_', '.' and '-',"
                            + " and have at most " + MAX_CONTAINER_ID + " characters");
        }
    }

    private static void checkIfName(String name, List<String> wrong) {
        if (name.isEmpty()) {
            wrong.add("CNI_IFNAME is missing");
        } else if (!isInterfaceName(name)) {
            wrong.add("CNI_IFNAME=" + name + " must be an interface name: 1 to " + MAX_IFNAME_BYTES
                    + " bytes without '/', ':' and spaces, not '.' or '..'");
        }
    }

    private static void checkNetns(String netns, List<String> wrong) {
        if (netns.isEmpty()) {
            wrong.add("CNI_NETNS is missing: without a network namespace there is nothing to attach");
        } else if (!netns.startsWith("/") || netns.indexOf('\0') >= 0) {
            wrong.add("CNI_NETNS=" + netns + " must be an absolute path, e.g. /run/netns/NAME");
        }
    }

    private static List<Path> path(String text, List<String> wrong) {
        try {
            return Arrays.stream(text.split(":"))
                    .filter(folder -> !folder.isEmpty())
                    .map(Path::of)
                    .toList();
        } catch (InvalidPathException e) {
            wrong.add("CNI_PATH=" + text + " cannot be paths here: " + e.getReason());
            return List.of();
        }
    }

    private static Map<String, String> args(String text, CniCommand command, List<String> wrong) {
        Map<String, String> args = new LinkedHashMap<>();
        for (String pair : text.split(";")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                args.put(pair.substring(0, equals), pair.substring(equals + 1));
            } else if (!pair.isEmpty() && command == CniCommand.ADD) {
                wrong.add("CNI_ARGS=" + text + " must be KEY=VALUE pairs between ';'; '" + pair + "' is none");
            }
        }
        return args;
    }
}
