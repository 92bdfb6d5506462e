// SPDX-License-Identifier: Apache-2.0

/** Flow tables and their entries. */
package io.makas.flow.table;
