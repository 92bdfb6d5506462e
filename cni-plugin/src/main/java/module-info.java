// SPDX-License-Identifier: Apache-2.0
/** The CNI protocol: requests, results, errors, the socket behind the launcher, and a runtime for demonstrations. */
module io.makas.cni {
    requires transitive com.google.gson;

    exports io.makas.cni;
    exports io.makas.cni.runtime;
}
