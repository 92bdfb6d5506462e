// SPDX-License-Identifier: Apache-2.0
/** Measurements: JMH for single methods, side-by-side comparisons for whole paths. */
module io.makas.bench {
    requires HdrHistogram;
    requires com.google.gson;
    requires info.picocli;
    requires io.makas.dataplane;
    requires io.makas.flow;
    requires java.management;
    requires jmh.core;

    opens io.makas.bench to
            info.picocli;
    opens io.makas.bench.fastpath to
            info.picocli;
    opens io.makas.bench.ping to
            info.picocli;
    opens io.makas.bench.tables to
            info.picocli;
    opens io.makas.bench.vhost to
            info.picocli;
}
