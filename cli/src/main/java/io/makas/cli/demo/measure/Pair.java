// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import io.makas.cli.demo.host.Container;

/**
 * Two containers that can reach each other over one path.
 *
 * @param path the path's name in reports: {@code bridge}, {@code afxdp}
 * @param client where measurements begin
 * @param server the other end
 * @param clientAddress IPv4 address of {@code client}
 * @param serverAddress IPv4 address of {@code server}
 */
public record Pair(String path, Container client, Container server, String clientAddress, String serverAddress) {}
