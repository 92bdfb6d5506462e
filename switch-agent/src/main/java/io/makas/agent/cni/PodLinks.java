// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.cni.CniError;
import io.makas.cni.CniResult;
import io.makas.flow.packet.MacAddress;
import java.util.List;
import java.util.Optional;

/** What pod wiring needs of the kernel. {@link KernelPodLinks} is the real one. Thread: any. */
interface PodLinks extends AutoCloseable {

    /**
     * A veth pair to be made.
     *
     * @param hostName name of the host's end
     * @param netns path of the pod's network namespace
     * @param podName name of the pod's end
     * @param podMac its Ethernet address
     * @param mtuBytes MTU of both ends
     * @param note what is written on the host's end
     */
    record Spec(String hostName, String netns, String podName, MacAddress podMac, int mtuBytes, String note) {}

    /** A veth pair that was made, its pod's end still without addresses. Closing it lets go of the namespace only. */
    interface Pair extends AutoCloseable {

        /** Ethernet address of the host's end. */
        MacAddress hostMac();

        /** Gives the pod's end its addresses, switches it on and sets the routes. */
        void configure(List<CniResult.Ip> ips, List<CniResult.Route> routes) throws CniError;

        @Override
        void close();
    }

    /**
     * What an interface of a pod is like.
     *
     * @param mac its Ethernet address
     * @param mtuBytes its MTU
     * @param up whether it is switched on
     * @param index its number in its own namespace
     * @param peerIndex number of the other end of the veth pair in that end's namespace
     */
    record View(MacAddress mac, int mtuBytes, boolean up, int index, int peerIndex) {}

    /**
     * What a pod's namespace is like, as far as CHECK asks.
     *
     * @param link the pod's interface
     * @param addresses its addresses in CIDR notation
     * @param routes destinations of the namespace's routes with their gateways, see {@link #routeText}
     */
    record PodView(View link, List<String> addresses, List<String> routes) {}

    /**
     * Makes a veth pair with checksum offload off at the pod's end, or nothing.
     *
     * @throws CniError 100 when one of the names is taken, 4 when the namespace is of no use
     */
    Pair create(Spec spec) throws CniError;

    /** Cuts a pod off: switches the host's end off, which is much sooner done than removing it. One that is gone is no error. */
    void disconnect(String hostName) throws CniError;

    /** Removes a veth pair by its host's end. Returns false when there was none. */
    boolean remove(String hostName) throws CniError;

    /** The host's end, if it is there. */
    Optional<View> host(String hostName) throws CniError;

    /** What the pod's interface is like, if it is there. */
    Optional<PodView> pod(String netns, String podName) throws CniError;

    /**
     * A host's end that has a note.
     *
     * @param hostName its name
     * @param note what is written on it
     */
    record Noted(String hostName, String note) {}

    /** Writes another note on a host's end. */
    void note(String hostName, String note) throws CniError;

    /** The host's ends whose note begins with a text. */
    List<Noted> noted(String beginning) throws CniError;

    @Override
    void close();

    /** A route as CHECK compares it. */
    static String routeText(String destination, String gateway) {
        return gateway.isEmpty() ? destination : destination + " via " + gateway;
    }
}
