// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Requests for tests: a correct one, and what differs from it. */
final class Requests {

    static final String CONFIG = """
            {"cniVersion": "1.0.0", "name": "pods", "type": "makas"}""";

    private Requests() {}

    /** A correct environment with changes: {@code NAME=VALUE} sets, {@code NAME} alone removes. */
    static Map<String, String> environment(String command, String... changes) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "CNI_COMMAND", command,
                "CNI_CONTAINERID", "c0ffee",
                "CNI_NETNS", "/run/netns/blue",
                "CNI_IFNAME", "eth0",
                "CNI_PATH", "/opt/cni/bin:/usr/lib/cni"));
        for (String change : changes) {
            int equals = change.indexOf('=');
            if (equals < 0) {
                environment.remove(change);
            } else {
                environment.put(change.substring(0, equals), change.substring(equals + 1));
            }
        }
        return environment;
    }

    static CniRequest parse(String command, String config, String... changes) throws CniError {
        return CniRequest.parse(environment(command, changes), bytes(config));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A configuration with one more member, e.g. {@code "mtu": 1400}. */
    static String configWith(String member) {
        return CONFIG.replace("}", ", " + member + "}");
    }
}
