// SPDX-License-Identifier: Apache-2.0
/**
 * The CNI protocol as kubelet speaks it: what a request says, what an answer must look like in each version. What the
 * switch then does is the agent's business.
 */
package io.makas.cni;
