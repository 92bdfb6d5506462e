// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.report;

/**
 * Something that was proved, or not.
 *
 * @param name what was to be shown, in a word or two
 * @param ok whether it was
 * @param detail what was seen, for people
 */
public record Check(String name, boolean ok, String detail) {}
