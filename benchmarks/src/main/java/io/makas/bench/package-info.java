// SPDX-License-Identifier: Apache-2.0
/** Measurements of the switch and of its peers; {@link io.makas.bench.Main} is where they start. */
package io.makas.bench;
