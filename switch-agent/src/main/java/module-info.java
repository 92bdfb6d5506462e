// SPDX-License-Identifier: Apache-2.0
/** The one process of the switch: composes data plane, control API, CNI endpoint and controllers. */
module io.makas.agent {
    requires io.makas.cni;
    requires io.makas.dataplane;
    requires io.makas.v1;
    requires io.grpc.netty.shaded;
    requires io.grpc.services;
    requires proto.google.common.protos;
    requires info.picocli;
    requires java.logging;
    requires org.snakeyaml.engine;

    opens io.makas.agent to
            info.picocli;
    opens io.makas.agent.config to
            info.picocli;
}
