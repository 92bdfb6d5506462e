// SPDX-License-Identifier: Apache-2.0
/** The CNI protocol: requests, results, errors. */
module io.makas.cni {
    requires com.google.gson;
}
