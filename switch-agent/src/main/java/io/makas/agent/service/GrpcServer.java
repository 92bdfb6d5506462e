// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.makas.agent.config.SwitchConfig;
import io.makas.dataplane.Datapath;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Serves the control API on a Unix socket, with gRPC's standard health and reflection services beside it.
 *
 * <p>The JDK's own Unix sockets carry it, so no native library is unpacked. Thread: an event loop of Netty's moves bytes; each call runs
 * on a virtual thread. Owner: whoever started it; closing it lets running calls end for a moment, then cuts them off.
 */
public final class GrpcServer implements AutoCloseable {

    private static final long GRACE_S = 2;
    private static final long KEEP_ALIVE_S = 60;
    private static final long LEAST_CLIENT_KEEP_ALIVE_S = 10;

    private final Server server;
    private final HealthStatusManager health;
    private final EventLoopGroup eventLoop;
    private final ExecutorService calls;

    private GrpcServer(Server server, HealthStatusManager health, EventLoopGroup eventLoop, ExecutorService calls) {
        this.server = server;
        this.health = health;
        this.eventLoop = eventLoop;
        this.calls = calls;
    }

    /**
     * Starts to serve.
     *
     * @param socket where; the caller has claimed it, and sets its permissions when this returns
     * @param version what {@code GetSwitch} answers
     * @throws IOException if the socket cannot be bound
     */
    public static GrpcServer start(
            Path socket, Datapath datapath, PortOpener ports, SwitchConfig.Limits limits, String version)
            throws IOException {
        var health = new HealthStatusManager();
        var eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(eventLoop)
                .workerEventLoopGroup(eventLoop)
                .executor(calls)
                .maxInboundMessageSize(limits.messageBytes())
                .maxConcurrentCallsPerConnection(limits.callsPerConnection())
                .keepAliveTime(KEEP_ALIVE_S, TimeUnit.SECONDS)
                .permitKeepAliveTime(LEAST_CLIENT_KEEP_ALIVE_S, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .intercept(new CallGuard())
                .addService(health.getHealthService())
                .addService(ProtoReflectionServiceV1.newInstance());
        List<BindableService> services = List.of(
                new FlowEndpoint(datapath, limits),
                new GroupEndpoint(datapath, limits),
                new PortEndpoint(datapath, ports),
                new StatsEndpoint(datapath),
                new SwitchEndpoint(datapath, version, Instant.now()),
                new TraceEndpoint(datapath));
        services.forEach(builder::addService);
        try {
            Server server = builder.build().start();
            health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
            services.forEach(service -> health.setStatus(
                    service.bindService().getServiceDescriptor().getName(), ServingStatus.SERVING));
            return new GrpcServer(server, health, eventLoop, calls);
        } catch (IOException | RuntimeException e) {
            eventLoop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            calls.shutdown();
            throw e;
        }
    }

    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdown();
        try {
            if (!server.awaitTermination(GRACE_S, TimeUnit.SECONDS)) {
                server.shutdownNow();
                server.awaitTermination(GRACE_S, TimeUnit.SECONDS);
            }
            eventLoop.shutdownGracefully(0, GRACE_S, TimeUnit.SECONDS).await(GRACE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        calls.shutdownNow();
    }
}
