// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The Unix socket on which launchers hand over their requests.
 *
 * <p>Only its owner may connect (mode 0600). Each request has a virtual thread of its own; when {@link #MAX_CONCURRENT} are
 * being served, further ones wait in the socket's queue, where the launcher's time limit covers them. A peer that sends its
 * request too slowly, or does not take the answer, is cut off after the time limit.
 *
 * <p>Thread: opened and closed by the agent's main thread. Owner: the agent.
 */
public final class CniServer implements AutoCloseable {

    /** Requests served at once. */
    public static final int MAX_CONCURRENT = 128;
    /** How long a peer may take to send its request, and again to take the answer. */
    public static final Duration TRANSFER_LIMIT = Duration.ofSeconds(10);

    private static final Logger LOG = System.getLogger(CniServer.class.getName());
    private static final int BACKLOG = 1_024;
    /** How long {@link #close} waits for requests being served: an agent that is told to stop has 15 s for everything. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path socket;
    private final Object socketFile;
    private final ServerSocketChannel listener;
    private final CniDispatcher dispatcher;
    private final Duration transferLimit;
    private final Semaphore room = new Semaphore(MAX_CONCURRENT);
    private final ScheduledThreadPoolExecutor watch;
    private final Thread acceptor;

    private CniServer(Path socket, ServerSocketChannel listener, CniDispatcher dispatcher, Duration transferLimit)
            throws IOException {
        this.socket = socket;
        this.socketFile = Files.getAttribute(socket, "unix:ino");
        this.listener = listener;
        this.dispatcher = dispatcher;
        this.transferLimit = transferLimit;
        this.watch = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("cni-watch").daemon().factory());
        this.watch.setRemoveOnCancelPolicy(true);
        this.acceptor = Thread.ofVirtual().name("cni-accept").start(this::accept);
    }

    /**
     * Listens on a socket.
     *
     * @param socket its path, at most 106 bytes; left over from an agent that died, it is replaced
     * @throws IOException when another agent listens there, or the path cannot be used
     */
    public static CniServer open(Path socket, CniPlugin plugin) throws IOException {
        return open(socket, plugin, TRANSFER_LIMIT);
    }

    static CniServer open(Path socket, CniPlugin plugin, Duration transferLimit) throws IOException {
        Path folder = socket.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        makeWay(socket);
        // Bound under a name that nobody else can reach, so that the socket is never there with a wider mode.
        Path secret = makeSecretFolder(folder);
        Path bound = secret.resolve("s");
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(bound), BACKLOG);
            Files.setPosixFilePermissions(bound, OWNER_ONLY);
            Files.move(bound, socket, StandardCopyOption.ATOMIC_MOVE);
            return new CniServer(socket, listener, new CniDispatcher(plugin), transferLimit);
        } catch (IOException e) {
            listener.close();
            Files.deleteIfExists(bound);
            throw new IOException("the CNI socket " + socket + " cannot be opened: " + e.getMessage(), e);
        } finally {
            Files.delete(secret);
        }
    }

    /** Path of the socket. */
    public Path socket() {
        return socket;
    }

    /** Stops listening, lets the requests being served finish (5 s at most), and removes the socket. */
    @Override
    public void close() {
        try {
            // Not if another agent has taken the path over.
            if (Files.exists(socket) && Files.getAttribute(socket, "unix:ino").equals(socketFile)) {
                Files.delete(socket);
            }
            listener.close();
            acceptor.join();
            if (room.tryAcquire(MAX_CONCURRENT, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                room.release(MAX_CONCURRENT);
            } else {
                LOG.log(Level.WARNING, "CNI requests are still served after {0}; they are left alone", CLOSE_LIMIT);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the CNI socket " + socket + " cannot be removed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.shutdownNow();
    }

    /** A short name, since the path of a socket has 106 bytes at most in Java: with what is bound in it, as long as "cni.sock". */
    private static Path makeSecretFolder(Path folder) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        while (true) {
            int digits = ThreadLocalRandom.current().nextInt(0x10000, 0x100000);
            try {
                return Files.createDirectory(folder.resolve("." + Integer.toHexString(digits)), ownerOnly);
            } catch (FileAlreadyExistsException e) {
                // Somebody else's, or left over from an agent that died just here.
            }
        }
    }

    private static void makeWay(Path socket) throws IOException {
        if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException(socket + " exists and is not a socket; remove it, or choose another CNI socket");
        }
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
            throw new IOException("another agent listens on " + socket + "; stop it, or choose another CNI socket");
        } catch (ConnectException e) {
            // Refused: nobody listens any more, and the new socket takes the old one's place.
            LOG.log(Level.INFO, "the CNI socket {0} was left over and is replaced", socket);
        }
    }

    private void accept() {
        while (true) {
            room.acquireUninterruptibly();
            try {
                SocketChannel peer = listener.accept();
                Thread.ofVirtual().name("cni-request").start(() -> {
                    try {
                        serve(peer);
                    } finally {
                        room.release();
                    }
                });
            } catch (ClosedChannelException e) {
                room.release();
                return;
            } catch (IOException e) {
                // Out of descriptors, most likely: what is being served will free some.
                room.release();
                LOG.log(Level.ERROR, "a CNI request cannot be accepted; trying again in a second", e);
                pause();
            }
        }
    }

    private void serve(SocketChannel peer) {
        try (SocketChannel open = peer) {
            CniWire.Request request;
            ScheduledFuture<?> limit = cutOffLater(peer, "did not send its request");
            try {
                request = CniWire.readRequest(new BufferedInputStream(Channels.newInputStream(open), 1 << 16));
            } finally {
                limit.cancel(false);
            }
            CniWire.Answer answer = dispatcher.serve(request);
            limit = cutOffLater(peer, "did not take its answer");
            try {
                CniWire.writeAnswer(answer, new BufferedOutputStream(Channels.newOutputStream(open), 1 << 16));
            } finally {
                limit.cancel(false);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a connection to the CNI socket ended early: {0}", e.toString());
        }
    }

    private ScheduledFuture<?> cutOffLater(SocketChannel peer, String why) {
        return watch.schedule(
                () -> {
                    LOG.log(Level.WARNING, "a peer of the CNI socket {0} within {1}: cut off", why, transferLimit);
                    try {
                        peer.close();
                    } catch (IOException e) {
                        LOG.log(Level.WARNING, "closing a connection failed", e);
                    }
                },
                transferLimit.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
