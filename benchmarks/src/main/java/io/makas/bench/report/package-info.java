// SPDX-License-Identifier: Apache-2.0
/**
 * Figures as pictures: line charts in SVG, and pages of HTML that hold them and need nothing else. Read
 * {@link io.makas.bench.report.LineChart} first. Stateless, for any thread.
 */
package io.makas.bench.report;
