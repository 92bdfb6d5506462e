// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.nio.ByteBuffer;

/**
 * One message from the kernel.
 *
 * @param type {@code nlmsg_type}, e.g. {@code RTM_NEWLINK}
 * @param flags {@code nlmsg_flags}
 * @param sequence the request's number, or 0 when the kernel speaks on its own
 * @param body what follows the header, in native order
 */
record NetlinkAnswer(int type, int flags, int sequence, ByteBuffer body) {

    /** The attributes behind the fixed part of the message. */
    NetlinkAttributes attributesAfter(int fixedBytes) {
        ByteBuffer rest = body.duplicate().order(body.order());
        return new NetlinkAttributes(rest.position(Math.min(rest.limit(), rest.position() + fixedBytes)));
    }
}
