// SPDX-License-Identifier: Apache-2.0
/**
 * The other side of the protocol: what a container runtime does with a conflist. For the demonstration, benchmarks and
 * tests, which wire containers exactly as containerd would, by executing the plugins.
 *
 * <p>Not for production: results are kept in memory only. Read {@link io.makas.cni.runtime.CniRuntime} first.
 */
package io.makas.cni.runtime;
