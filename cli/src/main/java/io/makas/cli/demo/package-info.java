// SPDX-License-Identifier: Apache-2.0
/**
 * {@code makas demo}: shows the whole switch at work and measures it beside a Linux bridge. It is a user of the switch like
 * any other: it starts {@code makas switch} as a process, has containers wired by executing CNI plugins, and speaks gRPC.
 *
 * <p>Read {@link io.makas.cli.demo.Demo} first. What it needs of the machine is in {@code host}, measuring in
 * {@code measure}, the outcome and its forms in {@code report}. Everything runs on the main thread; only the shutdown hook
 * (Ctrl-C) is another one, and it does nothing but clean up.
 */
package io.makas.cli.demo;
