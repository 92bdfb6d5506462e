// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.makas.agent.config.ConfigOptions;
import io.makas.agent.config.SwitchConfig;
import io.makas.agent.log.Log;
import io.makas.agent.log.LogWriter;
import io.makas.dataplane.port.MemoryPort;
import io.makas.v1.DumpFlowsRequest;
import io.makas.v1.EditFlowsRequest;
import io.makas.v1.EditFlowsResponse;
import io.makas.v1.FlowEdit;
import io.makas.v1.FlowServiceGrpc;
import io.makas.v1.FlowStatistics;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;
import picocli.CommandLine;

/**
 * A whole switch of this process with memory ports {@code port1} and {@code port2}, a client of it over its real socket, and the
 * proof that it carries packets: what every test of a refusal ends with.
 */
public final class RunningSwitch implements AutoCloseable {

    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(10);

    /** Broadcast, from 02:00:00:00:00:01, an experimental Ethernet type. */
    private static final byte[] FRAME = frame();

    static {
        var quiet = new SwitchConfig.Log(SwitchConfig.Log.Level.ERROR, SwitchConfig.Log.Format.KEY_VALUE);
        Log.install(new LogWriter(System.err, quiet, InstantSource.system()));
    }

    private final SwitchProcess process;
    private final EventLoopGroup eventLoop;
    private final ManagedChannel channel;

    private RunningSwitch(SwitchProcess process, Path socket) {
        this.process = process;
        this.eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .overrideAuthority("localhost")
                .channelType(NioDomainSocketChannel.class)
                .eventLoopGroup(eventLoop)
                .usePlaintext()
                .build();
    }

    /** Starts a switch on {@code folder/makas.sock}, with options of the command line. */
    public static RunningSwitch start(Path folder, String... options) throws StartException {
        Path socket = folder.resolve("makas.sock");
        List<String> all =
                new ArrayList<>(List.of("--socket", socket.toString(), "--port=1=memory", "--port=2=memory"));
        all.addAll(Arrays.asList(options));
        return new RunningSwitch(SwitchProcess.start(config(all.toArray(String[]::new))), socket);
    }

    /** The configuration that options make. */
    public static SwitchConfig config(String... options) {
        var parsed = new ConfigOptions();
        CommandLine.populateCommand(parsed, options);
        return parsed.applyTo(SwitchConfig.defaults());
    }

    /** For stubs. */
    public ManagedChannel channel() {
        return channel;
    }

    /** The switch itself. */
    public SwitchProcess process() {
        return process;
    }

    /** Sends edits as one bundle. */
    public EditFlowsResponse edit(FlowEdit... edits) throws StatusException, InterruptedException {
        var call = FlowServiceGrpc.newBlockingV2Stub(channel).editFlows();
        call.write(
                EditFlowsRequest.newBuilder().addAllEdits(Arrays.asList(edits)).build());
        call.halfClose();
        return call.read();
    }

    /** An edit given as text. */
    public static FlowEdit text(FlowEdit.Command command, String text) {
        return FlowEdit.newBuilder().setCommand(command).setText(text).build();
    }

    /** Adds flows given as text. */
    public EditFlowsResponse add(String... flows) throws StatusException, InterruptedException {
        return edit(Arrays.stream(flows)
                .map(flow -> text(FlowEdit.Command.COMMAND_ADD, flow))
                .toArray(FlowEdit[]::new));
    }

    /** Every flow. */
    public List<FlowStatistics> flows() {
        return flows(DumpFlowsRequest.getDefaultInstance());
    }

    /** Some flows. */
    public List<FlowStatistics> flows(DumpFlowsRequest request) {
        List<FlowStatistics> flows = new ArrayList<>();
        FlowServiceGrpc.newBlockingStub(channel)
                .dumpFlows(request)
                .forEachRemaining(page -> flows.addAll(page.getFlowsList()));
        return flows;
    }

    /** Sends a frame into port 1. */
    public void inject() throws Exception {
        assertTrue(port("port1").inject(FRAME), "port1 has room");
    }

    /** Waits for a frame to come out of a port, for 10 s at most. */
    public byte[] awaitFrame(String port) throws Exception {
        MemoryPort memory = port(port);
        long deadline = System.nanoTime() + LIMIT_NS;
        while (System.nanoTime() - deadline < 0) {
            byte[] frame = memory.collect();
            if (frame != null) {
                return frame;
            }
            Thread.onSpinWait();
        }
        return fail("no frame came out of " + port);
    }

    /** Proves that the switch still carries packets and answers. */
    public void assertWorks() throws Exception {
        add("table=0,priority=65535,in_port=1,dl_type=0x88b5,actions=output:2");
        inject();
        awaitFrame("port2");
        edit(text(FlowEdit.Command.COMMAND_DELETE_STRICT, "table=0,priority=65535,in_port=1,dl_type=0x88b5"));
    }

    /** Proves that a call is refused with this code and a message that has these words. */
    public static void assertRefused(Code code, String words, Executable call) {
        try {
            call.execute();
        } catch (StatusRuntimeException e) {
            assertStatus(code, words, e.getStatus());
            return;
        } catch (StatusException e) {
            assertStatus(code, words, e.getStatus());
            return;
        } catch (Throwable e) {
            fail("refused in another way", e);
        }
        fail("not refused; expected " + code + ": " + words);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        process.close();
    }

    private MemoryPort port(String name) throws Exception {
        return (MemoryPort) process.datapath().port(name);
    }

    private static void assertStatus(Code code, String words, io.grpc.Status status) {
        assertTrue(
                status.getCode() == code
                        && status.getDescription() != null
                        && status.getDescription().contains(words),
                "expected " + code + ": " + words + "\n but was " + status.getCode() + ": " + status.getDescription());
    }

    private static byte[] frame() {
        byte[] frame = new byte[60];
        Arrays.fill(frame, 0, 6, (byte) 0xff);
        frame[6] = 2;
        frame[11] = 1;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        return frame;
    }
}
