// SPDX-License-Identifier: Apache-2.0

/**
 * The switch's log: lines of an event and its values on standard error, for people (key=value) or programs (JSON).
 *
 * <p>{@link io.makas.agent.log.Log} writes them; records of libraries that use java.util.logging are caught and written in
 * the same form. Control threads only: nothing is logged for a packet. Read {@link io.makas.agent.log.Log} first.
 */
package io.makas.agent.log;
