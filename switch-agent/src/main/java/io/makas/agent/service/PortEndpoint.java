// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.stub.StreamObserver;
import io.makas.agent.log.Log;
import io.makas.dataplane.Datapath;
import io.makas.dataplane.PortException;
import io.makas.dataplane.PortInfo;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.worker.QueueAffinity;
import io.makas.v1.AddPortRequest;
import io.makas.v1.AddPortResponse;
import io.makas.v1.DeletePortRequest;
import io.makas.v1.DeletePortResponse;
import io.makas.v1.DeviceStatistic;
import io.makas.v1.GetPortRequest;
import io.makas.v1.GetPortResponse;
import io.makas.v1.ListPortsRequest;
import io.makas.v1.ListPortsResponse;
import io.makas.v1.PortServiceGrpc.PortServiceImplBase;

/** Serves {@code makas.v1.PortService}. Thread: any virtual one. */
final class PortEndpoint extends PortServiceImplBase {

    private static final Log LOG = Log.of("ports");

    private final Datapath datapath;
    private final PortOpener opener;

    PortEndpoint(Datapath datapath, PortOpener opener) {
        this.datapath = datapath;
        this.opener = opener;
    }

    @Override
    public void addPort(AddPortRequest request, StreamObserver<AddPortResponse> reply) {
        PortConfig config = PortRequestMapper.config(request.getConfig());
        PortInfo port;
        try {
            port = opener.open(config, request.getNumber(), QueueAffinity.parse(request.getQueueAffinity()));
        } catch (IllegalArgumentException e) {
            throw Failures.invalid(e.getMessage());
        } catch (PortException e) {
            throw Failures.of(e);
        }
        reply.onNext(
                AddPortResponse.newBuilder().setPort(PortReplyMapper.port(port)).build());
        reply.onCompleted();
    }

    @Override
    public void deletePort(DeletePortRequest request, StreamObserver<DeletePortResponse> reply) {
        String name = switch (request.getPortCase()) {
            case NAME -> request.getName();
            case NUMBER -> nameOf(request.getNumber());
            case PORT_NOT_SET -> throw Failures.invalid("name the port to delete by 'name' or 'number'");
        };
        try {
            datapath.removePort(name);
        } catch (PortException e) {
            throw Failures.of(e);
        }
        LOG.info("port deleted", "port", name);
        reply.onNext(DeletePortResponse.getDefaultInstance());
        reply.onCompleted();
    }

    @Override
    public void listPorts(ListPortsRequest request, StreamObserver<ListPortsResponse> reply) {
        var message = ListPortsResponse.newBuilder();
        for (PortInfo port : datapath.ports()) {
            message.addPorts(PortReplyMapper.port(port));
        }
        reply.onNext(message.build());
        reply.onCompleted();
    }

    @Override
    public void getPort(GetPortRequest request, StreamObserver<GetPortResponse> reply) {
        var message = GetPortResponse.newBuilder();
        try {
            PortInfo port = datapath.portInfo(request.getName());
            message.setPort(PortReplyMapper.port(port));
            datapath.port(request.getName())
                    .deviceStatistics()
                    .forEach((name, value) -> message.addDeviceStatistics(
                            DeviceStatistic.newBuilder().setName(name).setValue(value)));
        } catch (PortException e) {
            throw Failures.of(e);
        }
        reply.onNext(message.build());
        reply.onCompleted();
    }

    private String nameOf(int number) {
        for (PortInfo port : datapath.ports()) {
            if (port.number() == number) {
                return port.config().name();
            }
        }
        throw Failures.of(new PortException(
                PortException.Kind.NOT_FOUND,
                "there is no port number " + Integer.toUnsignedString(number) + "; 'makas port list' shows the ports"));
    }
}
