// SPDX-License-Identifier: Apache-2.0

/**
 * {@code makas trace --offline}: flows and packets from files, carried through a switch in memory
 * ({@link io.makas.flow.replay.Replay}), a result a line.
 *
 * <p>Files are read and results written piece by piece, so that neither must fit in memory. What is wrong with an input is told
 * with file, line and column ({@link io.makas.cli.offline.InputException}). Not here: talking to a running switch. One thread,
 * main's. Read {@link io.makas.cli.offline.OfflineTrace} first.
 */
package io.makas.cli.offline;
