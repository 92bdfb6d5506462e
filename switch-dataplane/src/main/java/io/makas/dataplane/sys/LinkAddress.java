// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.net.InetAddress;

/**
 * An address of an interface.
 *
 * @param linkIndex the interface
 * @param address the interface's own address
 * @param prefixBits length of its network's prefix
 */
public record LinkAddress(int linkIndex, InetAddress address, int prefixBits) {

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixBits;
    }
}
