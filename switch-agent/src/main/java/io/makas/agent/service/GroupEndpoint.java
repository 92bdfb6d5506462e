// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.makas.agent.config.SwitchConfig;
import io.makas.dataplane.Datapath;
import io.makas.flow.group.GroupStatistics;
import io.makas.flow.meter.MeterStatistics;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.PipelineMod;
import io.makas.flow.text.FlowTextException;
import io.makas.flow.text.GroupText;
import io.makas.flow.text.MeterText;
import io.makas.v1.DumpGroupsRequest;
import io.makas.v1.DumpGroupsResponse;
import io.makas.v1.EditGroupsRequest;
import io.makas.v1.EditGroupsResponse;
import io.makas.v1.FlowEditError;
import io.makas.v1.GroupEdit;
import io.makas.v1.GroupServiceGrpc.GroupServiceImplBase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Serves {@code makas.v1.GroupService}: groups and meters, as text. Thread: any virtual one. */
final class GroupEndpoint extends GroupServiceImplBase {

    private final Datapath datapath;
    private final int maxEdits;

    GroupEndpoint(Datapath datapath, SwitchConfig.Limits limits) {
        this.datapath = datapath;
        this.maxEdits = limits.bundleEdits();
    }

    @Override
    public void editGroups(EditGroupsRequest request, StreamObserver<EditGroupsResponse> reply) {
        if (request.getEditsCount() > maxEdits) {
            throw io.grpc.Status.RESOURCE_EXHAUSTED
                    .withDescription("a call has at most " + maxEdits + " edits; make several calls")
                    .asRuntimeException();
        }
        List<PipelineMod> mods = new ArrayList<>(request.getEditsCount());
        for (GroupEdit edit : request.getEditsList()) {
            mods.add(mod(mods.size(), edit));
        }
        int deleted;
        try {
            deleted = datapath.edit(mods).size();
        } catch (FlowModException e) {
            throw Failures.of(e);
        }
        reply.onNext(EditGroupsResponse.newBuilder().setDeletedFlows(deleted).build());
        reply.onCompleted();
    }

    @Override
    public void dumpGroups(DumpGroupsRequest request, StreamObserver<DumpGroupsResponse> reply) {
        datapath.creditFlowEntries();
        Stream<DumpGroupsResponse> all = switch (request.getKind()) {
            case GROUP_KIND_GROUP -> datapath.pipeline().groups().stream().map(GroupEndpoint::response);
            case GROUP_KIND_METER -> datapath.pipeline().meters().stream().map(GroupEndpoint::response);
            case GROUP_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw Failures.invalid("kind says what to list: GROUP_KIND_GROUP or GROUP_KIND_METER");
        };
        PagedReply.send((ServerCallStreamObserver<DumpGroupsResponse>) reply, all.iterator(), () -> {});
    }

    private static PipelineMod mod(int index, GroupEdit edit) {
        try {
            return switch (edit.getKind()) {
                case GROUP_KIND_GROUP -> GroupText.parse(edit.getText());
                case GROUP_KIND_METER -> MeterText.parse(edit.getText());
                case GROUP_KIND_UNSPECIFIED, UNRECOGNIZED ->
                    throw Failures.invalid(
                            "edit " + index + ": kind says what is edited: GROUP_KIND_GROUP or GROUP_KIND_METER");
            };
        } catch (FlowTextException e) {
            throw Failures.bundle(
                    Code.INVALID_ARGUMENT,
                    List.of(FlowEditError.newBuilder()
                            .setIndex(index)
                            .setKind("syntax")
                            .setMessage(e.getMessage())
                            .setColumn(e.column())
                            .build()));
        }
    }

    private static DumpGroupsResponse response(GroupStatistics statistics) {
        return DumpGroupsResponse.newBuilder()
                .setId(statistics.group().id())
                .setText(GroupText.format(statistics.group()))
                .setStatisticsText(GroupText.format(statistics).strip())
                .build();
    }

    private static DumpGroupsResponse response(MeterStatistics statistics) {
        return DumpGroupsResponse.newBuilder()
                .setId(statistics.meter().id())
                .setText(MeterText.format(statistics.meter()))
                .setStatisticsText(MeterText.format(statistics))
                .build();
    }
}
