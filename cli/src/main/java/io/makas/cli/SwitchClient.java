// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.grpc.protobuf.StatusProto;
import io.makas.v1.AddPortRequest;
import io.makas.v1.DeletePortRequest;
import io.makas.v1.DropCounter;
import io.makas.v1.DumpFlowsRequest;
import io.makas.v1.DumpFlowsResponse;
import io.makas.v1.DumpGroupsRequest;
import io.makas.v1.DumpGroupsResponse;
import io.makas.v1.EditFlowsRequest;
import io.makas.v1.EditFlowsResponse;
import io.makas.v1.EditGroupsRequest;
import io.makas.v1.EditGroupsResponse;
import io.makas.v1.FlowEdit;
import io.makas.v1.FlowEditError;
import io.makas.v1.FlowEditErrors;
import io.makas.v1.FlowServiceGrpc;
import io.makas.v1.FlowStatistics;
import io.makas.v1.GetDropsRequest;
import io.makas.v1.GetPortRequest;
import io.makas.v1.GetPortResponse;
import io.makas.v1.GetSwitchRequest;
import io.makas.v1.GetSwitchResponse;
import io.makas.v1.GetWorkersRequest;
import io.makas.v1.GroupEdit;
import io.makas.v1.GroupKind;
import io.makas.v1.GroupServiceGrpc;
import io.makas.v1.ListPortsRequest;
import io.makas.v1.Port;
import io.makas.v1.PortConfig;
import io.makas.v1.PortServiceGrpc;
import io.makas.v1.RebalanceWorkersRequest;
import io.makas.v1.RebalanceWorkersResponse;
import io.makas.v1.StatsServiceGrpc;
import io.makas.v1.SwitchServiceGrpc;
import io.makas.v1.TraceRequest;
import io.makas.v1.TraceResponse;
import io.makas.v1.TraceServiceGrpc;
import io.makas.v1.WorkerStatistics;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A connection to a running switch. Calls block until the switch has answered; one that changes something is in force when it
 * returns.
 *
 * <pre>{@code
 * try (SwitchClient client = SwitchClient.of(Path.of("/run/makas/makas.sock"))) {
 *     client.addFlows(List.of("in_port=1,actions=output:2", "in_port=2,actions=output:1"));
 *     client.dumpFlows(DumpFlowsRequest.getDefaultInstance(), flow -> System.out.println(flow.getPackets()));
 * }
 * }</pre>
 *
 * <p>Every call throws {@link SwitchException} when the switch refuses it or cannot be reached. Thread: any, several at once. Owner:
 * whoever made it closes it.
 */
public final class SwitchClient implements AutoCloseable {

    private static final int EDITS_IN_MESSAGE = 500;
    private static final long CLOSE_LIMIT_S = 2;

    /** Kept, so that its level is: Netty warns of each Unix socket that it cannot ask for keep-alive as if it were TCP's. */
    private static final Logger NETTY = Logger.getLogger("io.grpc.netty.shaded.io.netty.bootstrap");

    static {
        NETTY.setLevel(Level.SEVERE);
    }

    private final Path socket;
    private final EventLoopGroup eventLoop;
    private final ManagedChannel channel;

    private SwitchClient(Path socket, EventLoopGroup eventLoop, ManagedChannel channel) {
        this.socket = socket;
        this.eventLoop = eventLoop;
        this.channel = channel;
    }

    /** A client of the switch that serves on this Unix socket. It connects with the first call. */
    public static SwitchClient of(Path socket) {
        if (!Files.exists(socket)) {
            throw new SwitchException(Code.UNAVAILABLE, unreachable(socket, "is it running?"), List.of(), null);
        }
        if (!Files.isWritable(socket)) {
            throw new SwitchException(
                    Code.PERMISSION_DENIED,
                    "no permission to use the socket " + socket + "; run this as root or as a member of its group",
                    List.of(),
                    null);
        }
        var eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ManagedChannel channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .overrideAuthority("localhost")
                .channelType(NioDomainSocketChannel.class)
                .eventLoopGroup(eventLoop)
                .directExecutor()
                .usePlaintext()
                .build();
        return new SwitchClient(socket, eventLoop, channel);
    }

    /** Which switch answers. */
    public GetSwitchResponse info() {
        return call(() -> SwitchServiceGrpc.newBlockingStub(channel).getSwitch(GetSwitchRequest.getDefaultInstance()));
    }

    /** Adds flows, in the syntax of ovs-ofctl, all or none. */
    public EditFlowsResponse addFlows(List<String> flows) {
        return editFlows(edits(FlowEdit.Command.COMMAND_ADD, flows));
    }

    /** Deletes the flows whose matches are within one of these, e.g. "table=0,ip"; "" is every flow. All or none. */
    public EditFlowsResponse deleteFlows(List<String> matches) {
        return editFlows(edits(FlowEdit.Command.COMMAND_DELETE, matches));
    }

    /** Carries out edits in order, all or none. */
    public EditFlowsResponse editFlows(List<FlowEdit> edits) {
        try {
            var bundle = FlowServiceGrpc.newBlockingV2Stub(channel).editFlows();
            for (int from = 0; from < edits.size(); from += EDITS_IN_MESSAGE) {
                int to = Math.min(edits.size(), from + EDITS_IN_MESSAGE);
                if (!bundle.write(EditFlowsRequest.newBuilder()
                        .addAllEdits(edits.subList(from, to))
                        .build())) {
                    break; // The switch has refused it already; reading says why.
                }
            }
            bundle.halfClose();
            return bundle.read();
        } catch (StatusException e) {
            throw failure(e.getStatus(), StatusProto.fromThrowable(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SwitchException(Code.CANCELLED, "interrupted", List.of(), e);
        }
    }

    /** Carries out edits of groups and meters in order, all or none. */
    public EditGroupsResponse editGroups(List<GroupEdit> edits) {
        var request = EditGroupsRequest.newBuilder().addAllEdits(edits).build();
        return call(() -> GroupServiceGrpc.newBlockingStub(channel).editGroups(request));
    }

    /** The groups, or the meters, with their counters, by id. */
    public List<DumpGroupsResponse> groups(GroupKind kind) {
        var request = DumpGroupsRequest.newBuilder().setKind(kind).build();
        return call(() -> {
            List<DumpGroupsResponse> all = new ArrayList<>();
            GroupServiceGrpc.newBlockingStub(channel).dumpGroups(request).forEachRemaining(all::add);
            return all;
        });
    }

    /** Lists flows, one after another as they come. */
    public void dumpFlows(DumpFlowsRequest request, Consumer<FlowStatistics> each) {
        call(() -> {
            var pages = FlowServiceGrpc.newBlockingStub(channel).dumpFlows(request);
            while (pages.hasNext()) {
                DumpFlowsResponse page = pages.next();
                page.getFlowsList().forEach(each);
            }
            return null;
        });
    }

    /** The flows that a text selects, e.g. "table=0,ip"; "" is every flow. */
    public List<FlowStatistics> flows(String match) {
        List<FlowStatistics> flows = new ArrayList<>();
        dumpFlows(
                DumpFlowsRequest.newBuilder()
                        .setFilter(match)
                        .setText(DumpFlowsRequest.Text.TEXT_LINE)
                        .build(),
                flows::add);
        return flows;
    }

    /**
     * Opens a port.
     *
     * @param number its number; 0 for the lowest free one
     */
    public Port addPort(PortConfig config, int number) {
        return addPort(config, number, "");
    }

    /** Opens a port, with the queues pinned to workers that {@code queueAffinity} names as {@code queue:core,…}. */
    public Port addPort(PortConfig config, int number, String queueAffinity) {
        var request = AddPortRequest.newBuilder()
                .setConfig(config)
                .setNumber(number)
                .setQueueAffinity(queueAffinity)
                .build();
        return call(
                () -> PortServiceGrpc.newBlockingStub(channel).addPort(request).getPort());
    }

    /** Closes the port of a name. */
    public void deletePort(String name) {
        deletePort(DeletePortRequest.newBuilder().setName(name).build());
    }

    /** Closes a port. */
    public void deletePort(DeletePortRequest request) {
        call(() -> PortServiceGrpc.newBlockingStub(channel).deletePort(request));
    }

    /** The ports with their counters, by number. */
    public List<Port> ports() {
        return call(() -> PortServiceGrpc.newBlockingStub(channel)
                .listPorts(ListPortsRequest.getDefaultInstance())
                .getPortsList());
    }

    /** One port, with what its device counts. */
    public GetPortResponse port(String name) {
        return call(() -> PortServiceGrpc.newBlockingStub(channel)
                .getPort(GetPortRequest.newBuilder().setName(name).build()));
    }

    /** What would happen to a packet. */
    public TraceResponse trace(TraceRequest request) {
        return call(() -> TraceServiceGrpc.newBlockingStub(channel).trace(request));
    }

    /** Packets dropped, for every reason there is. */
    public List<DropCounter> drops() {
        return call(() -> StatsServiceGrpc.newBlockingStub(channel)
                .getDrops(GetDropsRequest.getDefaultInstance())
                .getDropsList());
    }

    /** Makes the loads of workers more even, or only says what would move. */
    public RebalanceWorkersResponse rebalanceWorkers(boolean isDryRun) {
        var request = RebalanceWorkersRequest.newBuilder().setDryRun(isDryRun).build();
        return call(() -> StatsServiceGrpc.newBlockingStub(channel).rebalanceWorkers(request));
    }

    /** What each worker did. */
    public List<WorkerStatistics> workers() {
        return call(() -> StatsServiceGrpc.newBlockingStub(channel)
                .getWorkers(GetWorkersRequest.getDefaultInstance())
                .getWorkersList());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            channel.awaitTermination(CLOSE_LIMIT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        eventLoop.shutdownGracefully(0, CLOSE_LIMIT_S, TimeUnit.SECONDS);
    }

    private static List<FlowEdit> edits(FlowEdit.Command command, List<String> texts) {
        return texts.stream()
                .map(text ->
                        FlowEdit.newBuilder().setCommand(command).setText(text).build())
                .toList();
    }

    private <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw failure(e.getStatus(), StatusProto.fromThrowable(e), e);
        }
    }

    private SwitchException failure(io.grpc.Status status, Status details, Throwable cause) {
        String message =
                status.getDescription() == null ? "the switch answered " + status.getCode() : status.getDescription();
        if (status.getCode() == Code.UNAVAILABLE && status.getCause() != null) {
            message = unreachable(socket, "is it running? (" + rootMessage(status.getCause()) + ")");
        }
        return new SwitchException(status.getCode(), message, flowErrors(details), cause);
    }

    private static String unreachable(Path socket, String why) {
        return "cannot reach the switch at " + socket + ": " + why
                + " start it with 'makas switch', or name its socket with --socket";
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    private static List<FlowEditError> flowErrors(Status details) {
        if (details == null) {
            return List.of();
        }
        try {
            for (Any detail : details.getDetailsList()) {
                if (detail.is(FlowEditErrors.class)) {
                    return detail.unpack(FlowEditErrors.class).getErrorsList();
                }
            }
        } catch (InvalidProtocolBufferException e) {
            // Details of a newer switch; the message says it, too.
        }
        return List.of();
    }
}
