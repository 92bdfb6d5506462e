// SPDX-License-Identifier: Apache-2.0
/** Packets, flow keys, matches, actions and tables. Pure Java: no native code, no network, no other module. */
module io.makas.flow {
    exports io.makas.flow.action;
    exports io.makas.flow.cache;
    exports io.makas.flow.group;
    exports io.makas.flow.key;
    exports io.makas.flow.packet;
    exports io.makas.flow.match;
    exports io.makas.flow.meter;
    exports io.makas.flow.pipeline;
    exports io.makas.flow.replay;
    exports io.makas.flow.table;
    exports io.makas.flow.text;
    exports io.makas.flow.timing;
}
