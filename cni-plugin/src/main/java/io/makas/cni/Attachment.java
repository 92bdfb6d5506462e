// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

/**
 * What the specification calls an attachment: one interface of one container.
 *
 * @param containerId {@code CNI_CONTAINERID}
 * @param ifName {@code CNI_IFNAME}
 */
public record Attachment(String containerId, String ifName) {

    @Override
    public String toString() {
        return containerId + "/" + ifName;
    }
}
