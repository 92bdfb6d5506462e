// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.sys.UnixStream;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A vhost-user socket that the switch serves by itself: one guest after the other, on a thread of its own.
 *
 * <p>A guest that breaks the protocol is disconnected, and told about in the log and by {@link #lastFailure}. It may come back
 * after a moment.
 *
 * <p>Thread: control threads; what it tells its {@link VhostOwner} comes on its own thread. Owner: the one who opened it.
 */
public final class VhostBackend implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(VhostBackend.class.getName());

    /** Sockets that are served in this process. */
    private static final Set<Path> SERVED = ConcurrentHashMap.newKeySet();

    /** Pauses between attempts to connect: short at first, as guests that restart are back soon. */
    private static final long MIN_PAUSE_NS = 10_000_000;

    private static final long MAX_PAUSE_NS = 1_000_000_000;

    private final Path path;
    private final VhostOwner owner;
    private final long features;
    /** The socket that listens, or null for a client. */
    private final UnixStream listening;

    private final Thread thread;
    /** The guest's connection, or null. Guarded by this. */
    private VhostConnection connection;

    private volatile boolean closing;
    private volatile String lastFailure = "";

    private VhostBackend(Path path, boolean client, long features, VhostOwner owner) {
        this.path = path;
        this.owner = owner;
        this.features = features;
        if (!SERVED.add(path)) {
            throw new SysException("socket '" + path + "' is served by another vhost-user port of this switch already");
        }
        try {
            this.listening = client ? null : UnixStream.listen(path);
        } catch (SysException e) {
            SERVED.remove(path);
            throw e;
        }
        this.thread =
                Thread.ofPlatform().daemon().name("vhost-" + path.getFileName()).unstarted(this::run);
    }

    /**
     * Takes a place for a socket.
     *
     * @param path absolute path of the socket
     * @param client whether to connect, again and again until somebody listens, and anew when the guest has gone; otherwise
     *     to create the socket and listen
     * @param features virtio features to offer, masks of {@link VirtioFeatures}
     * @param owner whom to give the rings to
     * @throws SysException when the socket is served already, or cannot be created
     */
    public static VhostBackend open(Path path, boolean client, long features, VhostOwner owner) {
        return new VhostBackend(path, client, features, owner);
    }

    /** Lets guests come. Not done by {@link #open}, so that the owner can keep this object before the first is there. */
    public void start() {
        thread.start();
    }

    /** Why the last guest was disconnected that had to be, or the empty string. */
    public String lastFailure() {
        return lastFailure;
    }

    /** Disconnects the guest that is there. From any thread; it does not wait. */
    public synchronized void disconnect(String reason) {
        lastFailure = reason;
        if (connection != null) {
            connection.shutdown();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** Cuts the guest off, after the rings were taken from the owner, and removes the socket if the switch made it. */
    @Override
    public void close() {
        closing = true;
        if (listening != null) {
            listening.shutdown();
        }
        synchronized (this) {
            if (connection != null) {
                connection.shutdown();
            }
        }
        boolean interrupted = false;
        LockSupport.unpark(thread);
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (listening != null) {
            listening.close();
        }
        SERVED.remove(path);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long pauseNs = MIN_PAUSE_NS;
        while (!closing) {
            UnixStream socket = listening != null ? listening.accept() : connect();
            boolean served = false;
            if (socket != null) {
                served = serve(new VhostConnection(socket));
            }
            if (!served && !closing) {
                LockSupport.parkNanos(pauseNs);
                // A guest that connects again and again costs little; one to connect to may be away for long.
                pauseNs = listening != null ? MIN_PAUSE_NS : Math.min(2 * pauseNs, MAX_PAUSE_NS);
            } else {
                pauseNs = MIN_PAUSE_NS;
            }
        }
    }

    private UnixStream connect() {
        try {
            return UnixStream.connect(path);
        } catch (SysException _) {
            // Nobody listens yet. The port's description says that there is no guest.
            return null;
        }
    }

    /** Returns whether the guest behaved. */
    private boolean serve(VhostConnection guest) {
        synchronized (this) {
            connection = guest;
            if (closing) {
                guest.shutdown();
            }
        }
        String failureBefore = lastFailure;
        try {
            new VhostSession(guest, owner, features).run();
        } catch (SysException e) {
            lastFailure = e.getMessage();
        } catch (RuntimeException | InternalError e) {
            LOG.log(Level.ERROR, "vhost-user socket '" + path + "'", e);
            lastFailure = e.toString();
        }
        synchronized (this) {
            connection = null;
        }
        guest.close();
        boolean behaved = lastFailure.equals(failureBefore);
        if (!behaved && !closing) {
            LOG.log(Level.WARNING, "vhost-user guest at ''{0}'' was disconnected: {1}", path, lastFailure);
        }
        return behaved;
    }
}
