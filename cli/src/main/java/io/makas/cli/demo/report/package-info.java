// SPDX-License-Identifier: Apache-2.0
/**
 * What the demonstration found, and its forms: JSON for programs, a table and a picture for people. Pure functions of
 * {@link io.makas.cli.demo.report.Report}; nothing here measures or runs anything.
 */
package io.makas.cli.demo.report;
