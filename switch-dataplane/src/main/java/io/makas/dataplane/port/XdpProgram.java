// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.sys.BpfObject;
import io.makas.dataplane.sys.Link;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * An XDP program in the kernel, with the entries of its map of sockets that belong to one interface.
 *
 * <p>A NIC has a program of its own, and so has a veth with several queues. All other veths share one, because attaching a
 * program that is attached nowhere yet, and detaching one from its last place, makes the kernel wait for every processor: 6
 * to 15 ms, against 0.1 ms for one that is in use elsewhere. It stays loaded as long as one veth or {@link XdpAnchor} uses
 * it.
 *
 * <p>Thread: control, any. Owner: {@link XdpAttachment}.
 */
final class XdpProgram implements AutoCloseable {

    /** {@code ENTRIES} of {@code xsk_redirect.bpf.c}. */
    private static final int ENTRIES = 65_536;

    private static final String OBJECT = "xsk_redirect.bpf.o";
    private static final String SOCKETS = "makas_sockets";
    private static final String TRAFFIC = "makas_traffic";
    private static final String TAKE_ALL = "makas_take_all";
    private static final String TAKE_QUEUES = "makas_take_queues";
    private static final String TAKE_QUEUE = "makas_take_queue";
    private static final String TAKE_SOME = "makas_take_some";
    private static final int BY_QUEUE = -1;
    private static final int NO_ENTRY = -2;

    /** The program that all veths share, or null while there are none. Guarded by the class. */
    private static BpfObject shared;
    /** Those who share it. Guarded by the class. */
    private static int sharers;
    /** Entries of the shared program's map that are in use. Guarded by the class. */
    private static final BitSet USED = new BitSet();

    private final BpfObject object;
    private final String name;
    private final int entry;
    /** Guarded by the class. */
    private boolean closed;

    private XdpProgram(BpfObject object, String name, int entry) {
        this.object = object;
        this.name = name;
        this.entry = entry;
    }

    /**
     * The program for an interface. A veth exists for the switch; a NIC has a host behind it.
     *
     * @param queues how many queues the port serves
     * @param take the traffic that the switch takes; empty for all
     */
    static XdpProgram of(Link link, int queues, List<AfXdpTraffic> take) {
        if (!take.isEmpty()) {
            BpfObject object = BpfObject.loadResource(OBJECT, Set.of(TAKE_SOME));
            take.forEach(traffic -> object.map(TRAFFIC).add(traffic.key()));
            return new XdpProgram(object, TAKE_SOME, BY_QUEUE);
        }
        if (!link.kind().equals("veth") || queues > 1) {
            String name = link.kind().equals("veth") ? TAKE_QUEUES : TAKE_QUEUE;
            return new XdpProgram(BpfObject.loadResource(OBJECT, Set.of(name)), name, BY_QUEUE);
        }
        int entry = link.index() & ENTRIES - 1;
        synchronized (XdpProgram.class) {
            if (USED.get(entry)) {
                // Interfaces of two namespaces, or very far apart: the second has a program and a map of its own.
                return new XdpProgram(BpfObject.loadResource(OBJECT, Set.of(TAKE_ALL)), TAKE_ALL, entry);
            }
            XdpProgram program = share(entry);
            USED.set(entry);
            return program;
        }
    }

    /** The program that all veths share, without a place for a socket. */
    static synchronized XdpProgram ofNoInterface() {
        return share(NO_ENTRY);
    }

    /** File descriptor of the program. */
    int fileDescriptor() {
        return object.programFd(name);
    }

    /** Hands a queue's frames to a socket from now on. */
    void serve(int queue, int socketFd) {
        object.map(SOCKETS).put(entry == BY_QUEUE ? queue : entry, socketFd);
    }

    @Override
    public void close() {
        synchronized (XdpProgram.class) {
            if (closed) {
                return;
            }
            closed = true;
            if (object == shared) {
                if (entry != NO_ENTRY) {
                    USED.clear(entry);
                }
                sharers--;
                if (sharers > 0) {
                    return;
                }
                shared = null;
            }
        }
        object.close();
    }

    private static synchronized XdpProgram share(int entry) {
        if (shared == null) {
            shared = BpfObject.loadResource(OBJECT, Set.of(TAKE_ALL));
        }
        sharers++;
        return new XdpProgram(shared, TAKE_ALL, entry);
    }
}
