// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.stub.StreamObserver;
import io.makas.dataplane.Datapath;
import io.makas.flow.table.TableStatistics;
import io.makas.v1.GetSwitchRequest;
import io.makas.v1.GetSwitchResponse;
import io.makas.v1.SwitchServiceGrpc.SwitchServiceImplBase;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Serves {@code makas.v1.SwitchService}. Thread: any virtual one. */
final class SwitchEndpoint extends SwitchServiceImplBase {

    private final Datapath datapath;
    private final String version;
    private final Instant started;

    SwitchEndpoint(Datapath datapath, String version, Instant started) {
        this.datapath = datapath;
        this.version = version;
        this.started = started;
    }

    @Override
    public void getSwitch(GetSwitchRequest request, StreamObserver<GetSwitchResponse> reply) {
        reply.onNext(GetSwitchResponse.newBuilder()
                .setVersion(version)
                .setPid((int) ProcessHandle.current().pid())
                .setStartedUnixNs(TimeUnit.SECONDS.toNanos(started.getEpochSecond()) + started.getNano())
                .setFlows(flowCount(datapath))
                .setPorts(datapath.ports().size())
                .build());
        reply.onCompleted();
    }

    /** Flows in all tables. */
    static long flowCount(Datapath datapath) {
        long flows = 0;
        for (TableStatistics table : datapath.pipeline().tables()) {
            flows += table.flows();
        }
        return flows;
    }
}
