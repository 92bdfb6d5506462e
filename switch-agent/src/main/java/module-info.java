// SPDX-License-Identifier: Apache-2.0
/** The one process of the switch: composes data plane, control API, CNI endpoint and controllers. */
module io.makas.agent {
    requires io.makas.cni;
    requires io.makas.dataplane;
    requires io.makas.v1;
    requires io.grpc.netty.shaded;
    requires org.snakeyaml.engine;
}
