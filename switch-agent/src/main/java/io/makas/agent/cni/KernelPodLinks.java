// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.cni.Cidr;
import io.makas.cni.CniError;
import io.makas.cni.CniResult;
import io.makas.dataplane.sys.Errno;
import io.makas.dataplane.sys.Ethtool;
import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.sys.Route;
import io.makas.dataplane.sys.SysException;
import io.makas.flow.packet.MacAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Pods' interfaces in the kernel, by netlink. The agent's own namespace is the host's side.
 *
 * <p>Thread: any. Owner: {@link CniEndpoint}.
 */
final class KernelPodLinks implements PodLinks {

    private final NetNamespace own = NetNamespace.current();
    private final Netlink host = Netlink.open();

    @Override
    public Pair create(Spec spec) throws CniError {
        NetNamespace namespace = open(spec.netns());
        try {
            return new KernelPair(spec, namespace);
        } catch (SysException e) {
            namespace.close();
            throw failure(spec, e);
        }
    }

    @Override
    public void disconnect(String hostName) throws CniError {
        try {
            host.link(hostName).ifPresent(link -> host.setDown(link.index()));
        } catch (SysException e) {
            // It may go away in between, with a namespace that the runtime has deleted already.
            if (e.errno() != Errno.ENODEV) {
                throw new CniError(
                        CniError.INTERFACE_FAILED,
                        "interface " + hostName + " cannot be switched off: " + e.getMessage(),
                        e);
            }
        }
    }

    @Override
    public boolean remove(String hostName) throws CniError {
        return call("interface " + hostName + " cannot be removed", () -> {
            Optional<Link> link = host.link(hostName);
            return link.isPresent() && host.deleteLink(link.get().index());
        });
    }

    @Override
    public Optional<View> host(String hostName) throws CniError {
        return call("interface " + hostName, () -> host.link(hostName).map(KernelPodLinks::view));
    }

    @Override
    public Optional<PodView> pod(String netns, String podName) throws CniError {
        try (NetNamespace namespace = open(netns)) {
            return call("interface " + podName + " in " + netns, () -> {
                try (Netlink pod = Netlink.open(namespace)) {
                    return pod.link(podName).map(link -> podView(pod, link));
                }
            });
        }
    }

    @Override
    public void note(String hostName, String note) throws CniError {
        call("interface " + hostName, () -> {
            host.setAlias(host.require(hostName).index(), note);
            return null;
        });
    }

    @Override
    public List<Noted> noted(String beginning) throws CniError {
        return call(
                "the host's interfaces",
                () -> host.links().stream()
                        .filter(link -> link.alias().startsWith(beginning))
                        .map(link -> new Noted(link.name(), link.alias()))
                        .toList());
    }

    @Override
    public void close() {
        host.close();
        own.close();
    }

    private NetNamespace open(String path) throws CniError {
        NetNamespace namespace;
        try {
            namespace = NetNamespace.open(Path.of(path));
        } catch (SysException e) {
            throw new CniError(CniError.INVALID_ENVIRONMENT, "CNI_NETNS=" + path + ": " + e.getMessage(), e);
        }
        if (namespace.isSame(own)) {
            namespace.close();
            throw new CniError(
                    CniError.INVALID_ENVIRONMENT,
                    "CNI_NETNS=" + path + " is the host's own network namespace; a pod needs one of its own");
        }
        return namespace;
    }

    private static CniError failure(Spec spec, SysException e) {
        String message = "interface " + spec.podName() + " cannot be made in " + spec.netns() + ": " + e.getMessage();
        return new CniError(
                e.errno() == Errno.EEXIST ? CniError.ALREADY_EXISTS : CniError.INTERFACE_FAILED, message, e);
    }

    private static <T> T call(String what, Supplier<T> code) throws CniError {
        try {
            return code.get();
        } catch (SysException e) {
            throw new CniError(CniError.INTERFACE_FAILED, what + ": " + e.getMessage(), e);
        }
    }

    private static View view(Link link) {
        return new View(link.mac(), link.mtuBytes(), link.up(), link.index(), link.peerIndex());
    }

    private static PodView podView(Netlink pod, Link link) {
        List<String> addresses = pod.addresses(link).stream()
                .map(address -> new Cidr(address.address(), address.prefixBits()).toString())
                .toList();
        List<String> routes = pod.routes().stream()
                .map(route -> PodLinks.routeText(
                        new Cidr(route.destination(), route.prefixBits()).toString(),
                        route.gateway() == null ? "" : Cidr.text(route.gateway())))
                .toList();
        return new PodView(view(link), addresses, routes);
    }

    /** The pair, and sockets in the pod's namespace until it is configured. */
    private final class KernelPair implements Pair {

        private final Spec spec;
        private final NetNamespace namespace;
        private final Link hostEnd;
        private final int podIndex;

        KernelPair(Spec spec, NetNamespace namespace) {
            this.spec = spec;
            this.namespace = namespace;
            this.hostEnd = host.createVeth(spec.hostName(), spec.podName(), namespace, spec.mtuBytes(), spec.podMac());
            this.podIndex = hostEnd.peerIndex();
            try {
                host.setAlias(hostEnd.index(), spec.note());
            } catch (SysException e) {
                host.deleteLink(hostEnd.index());
                throw e;
            }
        }

        @Override
        public MacAddress hostMac() {
            return hostEnd.mac();
        }

        @Override
        public void configure(List<CniResult.Ip> ips, List<CniResult.Route> routes) throws CniError {
            try {
                namespace.supply(() -> configureInside(ips, routes));
            } catch (SysException e) {
                throw failure(spec, e);
            }
        }

        @Override
        public void close() {
            namespace.close();
        }

        private Link configureInside(List<CniResult.Ip> ips, List<CniResult.Route> routes) {
            try (Ethtool ethtool = Ethtool.open();
                    Netlink pod = Netlink.open()) {
                // The switch takes frames as they are: nobody would fill in what is left to the hardware.
                ethtool.set(spec.podName(), Ethtool.Feature.TX_CHECKSUM, false);
                Link link = pod.require(spec.podName());
                for (CniResult.Ip ip : ips) {
                    pod.addAddress(link, ip.address().address(), ip.address().prefixLength());
                }
                pod.setUp(podIndex);
                for (CniResult.Route route : routes) {
                    pod.addRoute(toKernel(route, ips));
                }
                return link;
            }
        }

        private Route toKernel(CniResult.Route route, List<CniResult.Ip> ips) {
            InetAddress destination = route.destination().address();
            int prefix = route.destination().prefixLength();
            InetAddress gateway = PodRoutes.gateway(route, ips);
            if (gateway == null) {
                return Route.onLink(destination, prefix, podIndex);
            }
            Route via = Route.via(destination, prefix, gateway, podIndex);
            return PodRoutes.isReached(gateway, ips) ? via : via.believed();
        }
    }
}
