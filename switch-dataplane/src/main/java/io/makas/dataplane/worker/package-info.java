// SPDX-License-Identifier: Apache-2.0

/**
 * Workers: the threads that poll ports and carry packets.
 *
 * <p>Here: {@link io.makas.dataplane.worker.Worker}, one turn of which a test can run without a thread;
 * {@link io.makas.dataplane.worker.WorkerThread}, which runs turns on a core; the queue of commands that control threads send;
 * what to do when idle. Not here: what happens to a packet ({@code fastpath}). Read
 * {@link io.makas.dataplane.worker.Worker} first.
 */
package io.makas.dataplane.worker;
