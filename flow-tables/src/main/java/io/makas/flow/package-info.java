// SPDX-License-Identifier: Apache-2.0
/**
 * The root of the flow tables. Nothing here touches the machine: packets are memory, tables are data, and all of it runs
 * in any JVM.
 */
package io.makas.flow;
