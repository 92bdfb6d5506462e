// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.util.function.Consumer;

/**
 * Tells what happens to the interfaces of one namespace: made, changed, gone.
 *
 * <p>Wait on {@link #fileDescriptor()} (with {@link Poll}) or call {@link #take} now and then. Thread: one at a time. Owner:
 * the one who opened it.
 */
public final class LinkMonitor implements AutoCloseable {

    /** Something that happened to an interface. */
    public sealed interface Event {
        /**
         * An interface was made or changed.
         *
         * @param link what it is like now
         */
        record Changed(Link link) implements Event {}

        /**
         * An interface is gone: deleted, or moved to another namespace.
         *
         * @param link what it was like
         */
        record Removed(Link link) implements Event {}

        /** Events were lost because nobody took them in time; ask for all interfaces again. */
        record Lost() implements Event {}
    }

    private final NetlinkSocket socket = new NetlinkSocket();

    private LinkMonitor() {
        socket.join(LinkMessages.RTNLGRP_LINK);
    }

    /** Watches the namespace of the calling thread. */
    public static LinkMonitor open() {
        return new LinkMonitor();
    }

    /** Watches another namespace. */
    public static LinkMonitor open(NetNamespace namespace) {
        return namespace.supply(LinkMonitor::new);
    }

    /** Readable when there is something to {@link #take}. */
    public int fileDescriptor() {
        return socket.fileDescriptor();
    }

    /** Gives all that happened since the last call to the reader, oldest first, and returns at once. */
    public void take(Consumer<Event> reader) {
        while (true) {
            long answer = socket.receive(message -> {
                switch (message.type()) {
                    case LinkMessages.RTM_NEWLINK -> reader.accept(new Event.Changed(LinkMessages.read(message)));
                    case LinkMessages.RTM_DELLINK -> reader.accept(new Event.Removed(LinkMessages.read(message)));
                    default -> {}
                }
            });
            if (answer == -Errno.ENOBUFS) {
                reader.accept(new Event.Lost());
            } else if (answer == -Errno.EAGAIN) {
                return;
            } else if (answer < 0) {
                throw new SysException("recv of interface events", (int) -answer, "");
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
