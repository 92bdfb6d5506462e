// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.agent.log.Log;
import io.makas.cni.CniError;
import io.makas.cni.CniServer;
import io.makas.cni.IpamDelegate;
import io.makas.dataplane.Datapath;
import io.makas.dataplane.port.XdpAnchor;
import io.makas.dataplane.sys.SysException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The socket on which CNI requests come, with pod wiring behind it.
 *
 * <p>Closing it ends the service and leaves the pods' interfaces alone: pods outlive an agent, and the next one with the same
 * socket adopts them.
 *
 * <p>Thread: opened and closed by main. Owner: the composition root, which closes it before the data path.
 */
public final class CniEndpoint implements AutoCloseable {

    private static final Log LOG = Log.of("cni");

    private final XdpAnchor anchor;
    private final PodLinks links;
    private final CniServer server;

    private CniEndpoint(XdpAnchor anchor, PodLinks links, CniServer server) {
        this.anchor = anchor;
        this.links = links;
        this.server = server;
    }

    /**
     * Adopts the pods of an earlier agent and serves requests from now on.
     *
     * @param socket absolute path of the Unix socket
     * @throws IOException when another agent listens there, or it cannot be opened
     */
    public static CniEndpoint open(Path socket, Datapath datapath) throws IOException {
        XdpAnchor anchor = anchor();
        PodLinks links = new KernelPodLinks();
        try {
            var wiring = new PodWiring(links, new DatapathPorts(datapath), new IpamDelegate(), socket);
            wiring.adopt();
            CniServer server = CniServer.open(socket, wiring);
            LOG.info("serving container runtimes", "socket", socket);
            return new CniEndpoint(anchor, links, server);
        } catch (CniError e) {
            close(anchor, links);
            throw new IOException("the CNI endpoint cannot be opened: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            close(anchor, links);
            throw e;
        }
    }

    @Override
    public void close() {
        server.close();
        close(anchor, links);
    }

    private static void close(XdpAnchor anchor, PodLinks links) {
        links.close();
        if (anchor != null) {
            anchor.close();
        }
    }

    /** Pods can be wired without it, only slower; where it fails, the first ADD says what is missing. */
    private static XdpAnchor anchor() {
        try {
            return XdpAnchor.open();
        } catch (SysException e) {
            LOG.warn("pods will be wired more slowly", "cause", e);
            return null;
        }
    }
}
