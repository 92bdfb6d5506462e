// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

import io.makas.agent.cni.CniEndpoint;
import io.makas.agent.config.SwitchConfig;
import io.makas.agent.config.SwitchConfig.DpdkMode;
import io.makas.agent.config.SwitchConfig.PortSpec;
import io.makas.agent.log.Log;
import io.makas.agent.service.GrpcServer;
import io.makas.agent.service.PortOpener;
import io.makas.dataplane.Datapath;
import io.makas.dataplane.DatapathConfig;
import io.makas.dataplane.DpdkConfig;
import io.makas.dataplane.PortException;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.worker.WorkerLimits;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The switch put together: the composition root. It opens the parts in order, and what one needs of another it gets in its
 * constructor; closing takes them apart in reverse and leaves nothing on the machine.
 *
 * <p>Thread: started and closed by main. Owner of everything it opens.
 */
public final class SwitchProcess implements AutoCloseable {

    private static final Log LOG = Log.of("agent");

    private final Closing closing;
    private final Datapath datapath;

    private SwitchProcess(Closing closing, Datapath datapath) {
        this.closing = closing;
        this.datapath = datapath;
    }

    /**
     * Starts a switch; when this returns, it serves.
     *
     * @throws StartException if it cannot, and then it has left nothing behind
     */
    public static SwitchProcess start(SwitchConfig config) throws StartException {
        var closing = new Closing();
        try {
            // Claimed first: a second switch is refused before it touches anything of the machine.
            SocketClaim grpcSocket = closing.add(SocketClaim.of(config.grpc().socket()));
            Datapath datapath = closing.add(openDatapath(config));
            if (config.dpdk().mode() == DpdkMode.REQUIRED) {
                startDpdk(datapath);
            }
            var ports = new PortOpener(datapath, config.dpdk().mode());
            for (PortSpec port : config.ports()) {
                open(ports, port);
            }
            if (config.flowFile().isPresent()) {
                FlowFile.load(config.flowFile().get(), datapath);
            }
            closing.add(ExpiryTicker.start(datapath));
            if (config.cniSocket().isPresent()) {
                closing.add(serveContainers(config.cniSocket().get(), datapath));
            }
            closing.add(serve(config, datapath, ports, grpcSocket));
            return new SwitchProcess(closing, datapath);
        } catch (StartException | RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    /** The data path, for code of this process that is the other end of a port in memory. */
    public Datapath datapath() {
        return datapath;
    }

    @Override
    public void close() {
        closing.close();
    }

    private static Datapath openDatapath(SwitchConfig config) throws StartException {
        try {
            return Datapath.open(datapathConfig(config));
        } catch (SysException e) {
            throw new StartException("the workers cannot start (workers.cores): " + e.getMessage(), e);
        }
    }

    private static CniEndpoint serveContainers(Path socket, Datapath datapath) throws StartException {
        try {
            return CniEndpoint.open(socket, datapath);
        } catch (IOException | SysException e) {
            throw new StartException("container runtimes cannot be served: " + e.getMessage(), e);
        }
    }

    private static GrpcServer serve(SwitchConfig config, Datapath datapath, PortOpener ports, SocketClaim socket)
            throws StartException {
        GrpcServer server;
        try {
            server = GrpcServer.start(socket.socket(), datapath, ports, config.limits(), version());
        } catch (IOException e) {
            throw new StartException("cannot listen on the socket '" + socket.socket() + "': " + e.getMessage(), e);
        }
        try {
            socket.permit(config.grpc().mode(), config.grpc().group().orElse(null));
            LOG.info("serving the control API", "socket", socket.socket());
            return server;
        } catch (StartException e) {
            try (var closing = new Closing()) {
                closing.add(server);
            }
            throw e;
        }
    }

    private static void startDpdk(Datapath datapath) throws StartException {
        try {
            datapath.startDpdk();
        } catch (PortException e) {
            throw new StartException("DPDK is required (dpdk.mode), but does not start: " + e.getMessage(), e);
        }
    }

    private static void open(PortOpener ports, PortSpec port) throws StartException {
        try {
            ports.open(port.config(), port.number(), port.affinity());
        } catch (PortException e) {
            throw new StartException("port '" + port.config().name() + "': " + e.getMessage(), e);
        }
    }

    private static DatapathConfig datapathConfig(SwitchConfig config) {
        SwitchConfig.Limits limits = config.limits();
        var bounds = new WorkerLimits(limits.exactMatchEntries(), limits.megaflows(), limits.highestPortNumber());
        SwitchConfig.Dpdk dpdk = config.dpdk();
        return new DatapathConfig(
                config.workers().forDatapath(),
                bounds,
                limits.flows(),
                new DpdkConfig(dpdk.hasHugepages(), dpdk.memoryMb(), dpdk.mbufs(), dpdk.ealOptions()));
    }

    /** The version of the jar; "development" for classes out of a build folder. */
    static String version() {
        String version = SwitchProcess.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
