// SPDX-License-Identifier: Apache-2.0
/** The control API, version 1: messages and stubs generated from {@code src/main/proto}. */
@SuppressWarnings("module") // The digit at the end of the name is the API's version.
module io.makas.v1 {
    requires transitive com.google.common;
    requires transitive com.google.protobuf;
    requires transitive io.grpc;
    requires transitive io.grpc.stub;
    requires transitive io.grpc.protobuf;

    exports io.makas.v1;
}
