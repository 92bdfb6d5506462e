// SPDX-License-Identifier: Apache-2.0
/** Ports, workers, caches and the kernel fast path. The only module that calls native code. */
module io.makas.dataplane {
    requires transitive io.makas.flow;

    exports io.makas.dataplane;
    exports io.makas.dataplane.counter;
    exports io.makas.dataplane.fastpath;
    exports io.makas.dataplane.handoff;
    exports io.makas.dataplane.memory;
    exports io.makas.dataplane.port;
    exports io.makas.dataplane.sys;
    exports io.makas.dataplane.vhost;
    exports io.makas.dataplane.worker;
}
