// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.agent.log.Log;
import io.makas.cni.Attachment;
import io.makas.cni.CniError;
import io.makas.cni.CniPlugin;
import io.makas.cni.CniRequest;
import io.makas.cni.CniResult;
import io.makas.cni.CniResult.Interface;
import io.makas.cni.IpamDelegate;
import io.makas.cni.NetworkConfig;
import io.makas.flow.packet.MacAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Attaches containers to the switch. ADD makes a veth pair, has the IPAM plugin assign addresses, gives them to the pod's end
 * and opens the host's end as a port; if one of these fails, the others are undone. DEL takes away whatever of it is there.
 *
 * <p>What happens to the pod's packets is up to the flows; the switch has no address of its own. A gateway that the IPAM
 * plugin names is set as the pod's next hop, and somebody behind a flow has to answer for it.
 *
 * <p>Thread: any, many at once. Requests about one container wait for each other.
 */
final class PodWiring implements CniPlugin {

    private static final Log LOG = Log.of("cni");

    private final PodLinks links;
    private final SwitchPorts ports;
    private final IpamDelegate ipam;
    private final Path socket;
    private final AttachmentLocks locks = new AttachmentLocks();

    /**
     * Makes it.
     *
     * @param socket of this agent, which tells its pods from those of another on the same machine
     */
    PodWiring(PodLinks links, SwitchPorts ports, IpamDelegate ipam, Path socket) {
        this.links = links;
        this.ports = ports;
        this.ipam = ipam;
        this.socket = socket;
    }

    @Override
    public CniResult add(CniRequest request) throws CniError {
        long startNs = System.nanoTime();
        var undo = new Undo();
        try (var _ = locks.hold(request.attachment().containerId())) {
            try {
                CniResult result = attach(request, undo, startNs);
                return request.config().previous().orElse(CniResult.EMPTY).and(result);
            } catch (CniError | RuntimeException e) {
                undo.run(e);
                throw e;
            }
        }
    }

    @Override
    public void del(CniRequest request) throws CniError {
        long startNs = System.nanoTime();
        Attachment attachment = request.attachment();
        try (var _ = locks.hold(attachment.containerId())) {
            String hostName = PodNames.of(attachment).hostName();
            var failures = new Failures();
            // Once the pod is cut off its address may be given to the next; the kernel takes longer to remove an
            // interface.
            failures.collect(() -> links.disconnect(hostName));
            Later<Void> releasing = Later.start("cni-ipam", () -> {
                ipam.del(request);
                return null;
            });
            failures.collect(() -> detach(hostName));
            failures.collect(releasing::await);
            failures.throwFirst();
        }
        LOG.info("pod detached", "pod", attachment, "took-us", microsSince(startNs));
    }

    @Override
    public void check(CniRequest request) throws CniError {
        NetworkConfig config = request.config();
        CniResult expected = config.previous()
                .orElseThrow(() -> new CniError(
                        CniError.INVALID_CONFIG, "\"prevResult\" is missing: CHECK compares with the result of ADD"));
        PodNames names = PodNames.of(request.attachment());
        try (var _ = locks.hold(request.attachment().containerId())) {
            ipam.check(request);
            List<String> differences = PodCheck.differences(
                    request,
                    expected,
                    names.hostName(),
                    links.host(names.hostName()),
                    links.pod(request.netns(), request.attachment().ifName()),
                    ports.find(names.hostName()));
            if (!differences.isEmpty()) {
                throw new CniError(CniError.CHECK_FAILED, String.join("; ", differences));
            }
        }
    }

    /** An agent that answers can serve ADD, as far as its IPAM plugin can. */
    @Override
    public void status(CniRequest request) throws CniError {
        try {
            ipam.status(request);
        } catch (CniError e) {
            boolean known = e.code() == CniError.NOT_AVAILABLE || e.code() == CniError.LIMITED_CONNECTIVITY;
            throw known ? e : new CniError(CniError.NOT_AVAILABLE, e.getMessage(), e);
        }
    }

    @Override
    public void gc(CniRequest request) throws CniError {
        Set<String> valid = request.config().validAttachments().stream()
                .map(attachment -> PodNames.of(attachment).hostName())
                .collect(Collectors.toSet());
        try (var _ = locks.holdAll()) {
            var failures = new Failures();
            for (PodLinks.Noted pod :
                    links.noted(PodNote.ofNetwork(socket, request.config().name()))) {
                String name = pod.hostName();
                if (!valid.contains(name)) {
                    LOG.info("orphan removed", "interface", name);
                    failures.collect(() -> detach(name));
                }
            }
            failures.collect(() -> ipam.gc(request));
            failures.throwAll();
        }
    }

    /**
     * Opens ports for the pods that an earlier agent with this socket has wired: they outlive it. To be called before
     * requests are served.
     */
    void adopt() throws CniError {
        // Those that had a number first, so that none of the others takes it.
        List<PodLinks.Noted> pods = new ArrayList<>(links.noted(PodNote.ofAgent(socket)));
        pods.sort(Comparator.comparing(pod -> PodNote.number(pod.note()) == SwitchPorts.LOWEST_FREE));
        for (PodLinks.Noted pod : pods) {
            String name = pod.hostName();
            try {
                int number = ports.add(name, PodNote.number(pod.note()));
                LOG.info("pod of an earlier agent adopted", "port", name, "number", number);
            } catch (CniError e) {
                LOG.warn("pod of an earlier agent cannot be adopted", "interface", name, "cause", e);
            }
        }
    }

    private CniResult attach(CniRequest request, Undo undo, long startNs) throws CniError {
        NetworkConfig config = request.config();
        Attachment attachment = request.attachment();
        PodNames names = PodNames.of(attachment);
        String hostName = names.hostName();
        MacAddress mac = config.mac().isEmpty() ? names.podMac() : MacAddress.of(config.mac());
        var spec = new PodLinks.Spec(
                hostName, request.netns(), attachment.ifName(), mac, config.mtuBytes(), PodNote.of(socket, request));
        // First the pair: if the pod is attached already, its address must not be touched.
        try (PodLinks.Pair pair = links.create(spec)) {
            undo.add(() -> links.remove(hostName));
            Later<CniResult> leasing = Later.start("cni-ipam", () -> ipam.add(request));
            undo.add(() -> {
                if (leasing.succeeded()) {
                    ipam.del(request);
                }
            });
            int number = ports.add(hostName, SwitchPorts.LOWEST_FREE);
            undo.add(() -> ports.remove(hostName));
            links.note(hostName, PodNote.numbered(spec.note(), number));
            CniResult lease = leasing.await();
            PodRoutes.refuseUnsupported(lease.routes());
            pair.configure(lease.ips(), lease.routes());
            LOG.info(
                    "pod attached",
                    "pod",
                    attachment,
                    "port",
                    hostName,
                    "number",
                    number,
                    "addresses",
                    lease.ips().stream().map(CniResult.Ip::address).toList(),
                    "took-us",
                    microsSince(startNs));
            return new CniResult(
                    List.of(
                            Interface.of(hostName, pair.hostMac().toString(), config.mtuBytes(), ""),
                            Interface.of(attachment.ifName(), mac.toString(), config.mtuBytes(), request.netns())),
                    lease.ips().stream().map(ip -> ip.on(1)).toList(),
                    lease.routes(),
                    config.dns().isEmpty() ? lease.dns() : config.dns());
        }
    }

    /** The interface first: the kernel lets go of a socket much sooner when its interface is gone. */
    private void detach(String hostName) throws CniError {
        var failures = new Failures();
        failures.collect(() -> links.remove(hostName));
        failures.collect(() -> ports.remove(hostName));
        failures.throwFirst();
    }

    private static long microsSince(long startNs) {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNs);
    }

    /** Errors of steps that are all taken, whatever happens to the others. */
    private static final class Failures {

        private Optional<CniError> first = Optional.empty();

        void collect(Undo.Step step) {
            try {
                step.run();
            } catch (CniError e) {
                if (first.isPresent()) {
                    first.get().addSuppressed(e);
                } else {
                    first = Optional.of(e);
                }
            }
        }

        void throwFirst() throws CniError {
            if (first.isPresent()) {
                throw first.get();
            }
        }

        void throwAll() throws CniError {
            if (first.isPresent()) {
                CniError error = first.get();
                StringBuilder all = new StringBuilder(error.getMessage());
                for (Throwable other : error.getSuppressed()) {
                    all.append("; ").append(other.getMessage());
                }
                throw new CniError(CniError.GC_INCOMPLETE, all.toString(), error);
            }
        }
    }
}
