// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.cni.CniError;
import io.makas.cni.CniResult;
import io.makas.flow.packet.MacAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Pods' interfaces in memory, which note what was done, and fail where they are told to. */
final class FakePodLinks implements PodLinks {

    static final MacAddress HOST_MAC = MacAddress.of("fe:00:00:00:00:01");

    final List<String> log;
    final Map<String, Spec> pairs = new ConcurrentHashMap<>();
    final Map<String, List<CniResult.Ip>> addresses = new ConcurrentHashMap<>();
    volatile String failAt = "";

    FakePodLinks(List<String> log) {
        this.log = log;
    }

    @Override
    public Pair create(Spec spec) throws CniError {
        step("create");
        if (pairs.putIfAbsent(spec.hostName(), spec) != null) {
            throw new CniError(CniError.ALREADY_EXISTS, spec.hostName() + " is taken");
        }
        return new Pair() {
            @Override
            public MacAddress hostMac() {
                return HOST_MAC;
            }

            @Override
            public void configure(List<CniResult.Ip> ips, List<CniResult.Route> routes) throws CniError {
                step("configure");
                addresses.put(spec.hostName(), new ArrayList<>(ips));
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void disconnect(String hostName) throws CniError {
        step("disconnect");
    }

    @Override
    public boolean remove(String hostName) throws CniError {
        step("remove");
        return pairs.remove(hostName) != null;
    }

    @Override
    public Optional<View> host(String hostName) {
        return Optional.ofNullable(pairs.get(hostName)).map(spec -> new View(HOST_MAC, spec.mtuBytes(), true, 7, 2));
    }

    @Override
    public Optional<PodView> pod(String netns, String podName) {
        return pairs.values().stream()
                .filter(spec -> spec.netns().equals(netns) && spec.podName().equals(podName))
                .map(spec -> new PodView(
                        new View(spec.podMac(), spec.mtuBytes(), true, 2, 7),
                        addresses.getOrDefault(spec.hostName(), List.of()).stream()
                                .map(ip -> ip.address().toString())
                                .toList(),
                        List.of()))
                .findFirst();
    }

    @Override
    public void note(String hostName, String note) throws CniError {
        step("note");
        pairs.computeIfPresent(
                hostName,
                (_, spec) -> new Spec(hostName, spec.netns(), spec.podName(), spec.podMac(), spec.mtuBytes(), note));
    }

    @Override
    public List<Noted> noted(String beginning) {
        return pairs.values().stream()
                .filter(spec -> spec.note().startsWith(beginning))
                .map(spec -> new Noted(spec.hostName(), spec.note()))
                .sorted(Comparator.comparing(Noted::hostName))
                .toList();
    }

    @Override
    public void close() {}

    private void step(String name) throws CniError {
        log.add(name);
        if (failAt.equals(name)) {
            throw new CniError(CniError.INTERFACE_FAILED, name + " was told to fail");
        }
    }
}
