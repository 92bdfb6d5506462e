// SPDX-License-Identifier: Apache-2.0
/** Generated messages and service stubs of the control API; the source is {@code src/main/proto/makas/v1}. */
package io.makas.v1;
