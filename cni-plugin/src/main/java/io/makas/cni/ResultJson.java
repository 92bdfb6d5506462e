// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.makas.cni.CniResult.Dns;
import io.makas.cni.CniResult.Interface;
import io.makas.cni.CniResult.Ip;
import io.makas.cni.CniResult.Route;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Results in JSON, version by version:
 *
 * <ul>
 *   <li>before 1.0.0 each of {@code ips} says {@code "version": "4"} or {@code "6"};
 *   <li>since 1.1.0 interfaces have {@code mtu}, {@code socketPath} and {@code pciID}, and routes have {@code mtu},
 *       {@code advmss}, {@code priority}, {@code table} and {@code scope}.
 * </ul>
 *
 * <p>Reading accepts the keys of every version. Empty lists are left out and {@code dns} never is, as the reference library
 * does.
 */
final class ResultJson {

    private static final int MAX_INDEX = 1 << 16;

    private ResultJson() {}

    static JsonObject write(CniResult result, CniVersion version) {
        JsonObject json = new JsonObject();
        json.addProperty("cniVersion", version.text());
        JsonArray interfaces = new JsonArray();
        result.interfaces().forEach(each -> interfaces.add(write(each, version)));
        addUnlessEmpty(json, "interfaces", interfaces);
        JsonArray ips = new JsonArray();
        result.ips().forEach(each -> ips.add(write(each, version)));
        addUnlessEmpty(json, "ips", ips);
        JsonArray routes = new JsonArray();
        result.routes().forEach(each -> routes.add(write(each, version)));
        addUnlessEmpty(json, "routes", routes);
        json.add("dns", write(result.dns()));
        return json;
    }

    static CniResult parse(JsonObject json, String what) throws CniError {
        try {
            List<Interface> interfaces = new ArrayList<>();
            for (JsonObject each : Json.objects(json, "interfaces")) {
                interfaces.add(parseInterface(each));
            }
            List<Ip> ips = new ArrayList<>();
            for (JsonObject each : Json.objects(json, "ips")) {
                ips.add(parseIp(each, interfaces.size()));
            }
            List<Route> routes = new ArrayList<>();
            for (JsonObject each : Json.objects(json, "routes")) {
                routes.add(parseRoute(each));
            }
            return new CniResult(interfaces, ips, routes, parseDns(Json.object(json, "dns")));
        } catch (CniError e) {
            throw new CniError(e.code(), what + ": " + e.getMessage(), e);
        }
    }

    static Dns parseDns(JsonObject json) throws CniError {
        return new Dns(
                Json.texts(json, "nameservers"),
                Json.text(json, "domain"),
                Json.texts(json, "search"),
                Json.texts(json, "options"));
    }

    private static JsonObject write(Interface each, CniVersion version) {
        JsonObject json = new JsonObject();
        json.addProperty("name", each.name());
        addUnlessEmpty(json, "mac", each.mac());
        if (version.isAtLeast(CniVersion.V1_1_0)) {
            addUnlessZero(json, "mtu", each.mtuBytes());
        }
        addUnlessEmpty(json, "sandbox", each.sandbox());
        if (version.isAtLeast(CniVersion.V1_1_0)) {
            addUnlessEmpty(json, "socketPath", each.socketPath());
            addUnlessEmpty(json, "pciID", each.pciId());
        }
        return json;
    }

    private static JsonObject write(Ip ip, CniVersion version) {
        JsonObject json = new JsonObject();
        if (!version.isAtLeast(CniVersion.V1_0_0)) {
            json.addProperty("version", ip.address().isIpv4() ? "4" : "6");
        }
        if (ip.interfaceIndex() >= 0) {
            json.addProperty("interface", ip.interfaceIndex());
        }
        json.addProperty("address", ip.address().toString());
        if (ip.gateway() != null) {
            json.addProperty("gateway", Cidr.text(ip.gateway()));
        }
        return json;
    }

    private static JsonObject write(Route route, CniVersion version) {
        JsonObject json = new JsonObject();
        json.addProperty("dst", route.destination().toString());
        if (route.gateway() != null) {
            json.addProperty("gw", Cidr.text(route.gateway()));
        }
        if (version.isAtLeast(CniVersion.V1_1_0)) {
            addUnlessZero(json, "mtu", route.mtuBytes());
            addUnlessZero(json, "advmss", route.advertisedMss());
            addUnlessZero(json, "priority", route.priority());
            addUnlessZero(json, "table", route.table());
            addUnlessZero(json, "scope", route.scope());
        }
        return json;
    }

    private static JsonObject write(Dns dns) {
        JsonObject json = new JsonObject();
        addUnlessEmpty(json, "nameservers", array(dns.nameservers()));
        addUnlessEmpty(json, "domain", dns.domain());
        addUnlessEmpty(json, "search", array(dns.search()));
        addUnlessEmpty(json, "options", array(dns.options()));
        return json;
    }

    private static Interface parseInterface(JsonObject json) throws CniError {
        return new Interface(
                Json.text(json, "name"),
                Json.text(json, "mac"),
                Json.number(json, "mtu", 0, Integer.MAX_VALUE, 0),
                Json.text(json, "sandbox"),
                Json.text(json, "socketPath"),
                Json.text(json, "pciID"));
    }

    private static Ip parseIp(JsonObject json, int interfaces) throws CniError {
        int index = Json.number(json, "interface", -1, MAX_INDEX, -1);
        if (index >= interfaces) {
            throw new CniError(
                    CniError.INVALID_CONFIG,
                    "\"interface\": " + index + " points behind the " + interfaces + " interfaces listed");
        }
        return new Ip(cidr(json, "address"), address(json, "gateway"), index);
    }

    private static Route parseRoute(JsonObject json) throws CniError {
        return new Route(
                cidr(json, "dst"),
                address(json, "gw"),
                Json.number(json, "mtu", 0, Integer.MAX_VALUE, 0),
                Json.number(json, "advmss", 0, Integer.MAX_VALUE, 0),
                Json.number(json, "priority", 0, Integer.MAX_VALUE, 0),
                Json.number(json, "table", 0, Integer.MAX_VALUE, 0),
                Json.number(json, "scope", 0, 255, 0));
    }

    private static Cidr cidr(JsonObject json, String key) throws CniError {
        try {
            return Cidr.of(Json.text(json, key));
        } catch (IllegalArgumentException e) {
            throw new CniError(CniError.INVALID_CONFIG, "\"" + key + "\": " + e.getMessage(), e);
        }
    }

    private static InetAddress address(JsonObject json, String key) throws CniError {
        String text = Json.text(json, key);
        try {
            return text.isEmpty() ? null : Cidr.addressOf(text);
        } catch (IllegalArgumentException e) {
            throw new CniError(CniError.INVALID_CONFIG, "\"" + key + "\": " + e.getMessage(), e);
        }
    }

    private static JsonArray array(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    private static void addUnlessEmpty(JsonObject json, String key, JsonArray value) {
        if (!value.isEmpty()) {
            json.add(key, value);
        }
    }

    private static void addUnlessEmpty(JsonObject json, String key, String value) {
        if (!value.isEmpty()) {
            json.addProperty(key, value);
        }
    }

    private static void addUnlessZero(JsonObject json, String key, int value) {
        if (value != 0) {
            json.addProperty(key, value);
        }
    }
}
