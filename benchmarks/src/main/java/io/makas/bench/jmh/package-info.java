// SPDX-License-Identifier: Apache-2.0

/**
 * JMH benchmarks of single steps that every packet takes. Not here: whole paths between containers, which are measured side by
 * side with other switches.
 *
 * <p>Run one with its {@code main} method, alone on an idle machine; a difference below a tenth is noise. Read
 * {@link io.makas.bench.jmh.KeyExtractorBenchmark} first.
 */
package io.makas.bench.jmh;
