// SPDX-License-Identifier: Apache-2.0
/** The makas command: a client of the control API, and flow tables for traces without a switch. It never touches the data plane. */
module io.makas.cli {
    requires com.google.gson;
    requires info.picocli;
    requires io.makas.cni;
    requires io.makas.flow;
    requires io.makas.v1;
    requires io.grpc.netty.shaded;
    requires java.logging;
    requires proto.google.common.protos;

    opens io.makas.cli to
            info.picocli;
    opens io.makas.cli.demo to
            info.picocli;
    opens io.makas.cli.offline to
            info.picocli;
}
