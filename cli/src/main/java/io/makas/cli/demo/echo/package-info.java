// SPDX-License-Identifier: Apache-2.0
/**
 * The two small programs that the demonstration runs inside its containers to see whether they can talk: a server that
 * sends everything back, and a client that sends something and compares. They are processes of their own, because a network
 * namespace belongs to a process; {@link io.makas.cli.demo.echo.EchoPeers} starts them. Read that class first.
 */
package io.makas.cli.demo.echo;
