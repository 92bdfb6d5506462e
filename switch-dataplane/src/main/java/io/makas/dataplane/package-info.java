// SPDX-License-Identifier: Apache-2.0
/**
 * The data side: packets arrive at ports, workers carry them through the caches and the pipeline, and send them on. Knows
 * nothing of gRPC or Kubernetes.
 */
package io.makas.dataplane;
