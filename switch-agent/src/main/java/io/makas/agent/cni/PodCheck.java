// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.agent.cni.PodLinks.PodView;
import io.makas.agent.cni.PodLinks.View;
import io.makas.cni.Cidr;
import io.makas.cni.CniRequest;
import io.makas.cni.CniResult;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * CHECK's comparison: what {@code prevResult} promises, against what kernel and switch have. Things that other plugins of the
 * chain added are theirs to check.
 */
final class PodCheck {

    private PodCheck() {}

    /** What is different, in words; empty when all is as it should be. */
    static List<String> differences(
            CniRequest request,
            CniResult expected,
            String hostName,
            Optional<View> host,
            Optional<PodView> pod,
            Optional<SwitchPorts.State> port) {
        List<String> differences = new ArrayList<>();
        String podName = request.attachment().ifName();
        if (pod.isEmpty()) {
            differences.add("there is no interface " + podName + " in " + request.netns());
        } else {
            comparePod(request, expected, pod.get(), differences);
        }
        if (host.isEmpty()) {
            differences.add("the host's end " + hostName + " is gone");
        } else {
            if (!host.get().up()) {
                differences.add("the host's end " + hostName + " is switched off");
            }
            if (pod.isPresent() && !areEnds(host.get(), pod.get().link())) {
                differences.add(podName + " is not the other end of " + hostName);
            }
        }
        if (port.isEmpty()) {
            differences.add("the switch has no port " + hostName);
        } else if (!port.get().linkUp()) {
            differences.add("port " + port.get().number() + " (" + hostName + ") of the switch has no link");
        }
        return differences;
    }

    private static void comparePod(CniRequest request, CniResult expected, PodView pod, List<String> differences) {
        String podName = request.attachment().ifName();
        int index = indexOfPod(request, expected);
        if (index < 0) {
            differences.add("prevResult does not list " + podName + " in " + request.netns());
            return;
        }
        CniResult.Interface promised = expected.interfaces().get(index);
        View link = pod.link();
        if (!link.up()) {
            differences.add(podName + " is switched off");
        }
        if (!promised.mac().isEmpty() && !promised.mac().equalsIgnoreCase(String.valueOf(link.mac()))) {
            differences.add(podName + " has Ethernet address " + link.mac() + " instead of " + promised.mac());
        }
        if (promised.mtuBytes() != 0 && promised.mtuBytes() != link.mtuBytes()) {
            differences.add(podName + " has MTU " + link.mtuBytes() + " instead of " + promised.mtuBytes());
        }
        for (CniResult.Ip ip : expected.ips()) {
            boolean ours = ip.interfaceIndex() == index || ip.interfaceIndex() < 0;
            if (ours && !pod.addresses().contains(ip.address().toString())) {
                differences.add(podName + " has no address " + ip.address() + ", but " + pod.addresses());
            }
        }
        for (CniResult.Route route : expected.routes()) {
            String text = text(route, expected.ips());
            if (!pod.routes().contains(text)) {
                differences.add("there is no route " + text + " in " + request.netns() + ", but " + pod.routes());
            }
        }
    }

    private static int indexOfPod(CniRequest request, CniResult expected) {
        for (int i = 0; i < expected.interfaces().size(); i++) {
            CniResult.Interface each = expected.interfaces().get(i);
            if (each.name().equals(request.attachment().ifName())
                    && each.sandbox().equals(request.netns())) {
                return i;
            }
        }
        return -1;
    }

    private static String text(CniResult.Route route, List<CniResult.Ip> ips) {
        InetAddress gateway = PodRoutes.gateway(route, ips);
        return PodLinks.routeText(route.destination().toString(), gateway == null ? "" : Cidr.text(gateway));
    }

    private static boolean areEnds(View host, View pod) {
        return host.peerIndex() == pod.index() && pod.peerIndex() == host.index();
    }
}
