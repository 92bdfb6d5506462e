// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

/** Feature bits of virtio-net devices, as masks: VIRTIO 1.2, sections 5.1.3 and 6, and linux/virtio_net.h. */
public final class VirtioFeatures {

    /** {@code VIRTIO_NET_F_CSUM}: the device takes frames with a partial checksum. */
    public static final long CSUM = 1L << 0;
    /** {@code VIRTIO_NET_F_GUEST_CSUM}: the driver takes frames with a partial checksum. */
    public static final long GUEST_CSUM = 1L << 1;
    /** {@code VIRTIO_NET_F_MTU}. */
    public static final long MTU = 1L << 3;
    /** {@code VIRTIO_NET_F_MAC}. */
    public static final long MAC = 1L << 5;
    /** {@code VIRTIO_NET_F_GUEST_TSO4}: the driver takes TCP over IPv4 that is not cut into segments. */
    public static final long GUEST_TSO4 = 1L << 7;
    /** {@code VIRTIO_NET_F_GUEST_TSO6}. */
    public static final long GUEST_TSO6 = 1L << 8;
    /** {@code VIRTIO_NET_F_HOST_TSO4}: the device takes TCP over IPv4 that is not cut into segments. */
    public static final long HOST_TSO4 = 1L << 11;
    /** {@code VIRTIO_NET_F_HOST_TSO6}. */
    public static final long HOST_TSO6 = 1L << 12;
    /** {@code VIRTIO_NET_F_MRG_RXBUF}: a frame may span several receive buffers. */
    public static final long MRG_RXBUF = 1L << 15;
    /** {@code VIRTIO_NET_F_STATUS}. */
    public static final long STATUS = 1L << 16;
    /** {@code VIRTIO_NET_F_CTRL_VQ}: served by the front end. */
    public static final long CTRL_VQ = 1L << 17;
    /** {@code VIRTIO_NET_F_CTRL_RX}. */
    public static final long CTRL_RX = 1L << 18;
    /** {@code VIRTIO_NET_F_CTRL_VLAN}. */
    public static final long CTRL_VLAN = 1L << 19;
    /** {@code VIRTIO_NET_F_GUEST_ANNOUNCE}. */
    public static final long GUEST_ANNOUNCE = 1L << 21;
    /** {@code VIRTIO_NET_F_MQ}: several queue pairs. */
    public static final long MQ = 1L << 22;
    /** {@code VIRTIO_F_NOTIFY_ON_EMPTY}. */
    public static final long NOTIFY_ON_EMPTY = 1L << 24;
    /** {@code VIRTIO_F_ANY_LAYOUT}: the header need not have a descriptor of its own. */
    public static final long ANY_LAYOUT = 1L << 27;
    /** {@code VIRTIO_F_INDIRECT_DESC} (or {@code VIRTIO_RING_F_INDIRECT_DESC}): tables of descriptors. */
    public static final long INDIRECT_DESC = 1L << 28;
    /** {@code VIRTIO_F_EVENT_IDX} (or {@code VIRTIO_RING_F_EVENT_IDX}): each side says which index it waits for. */
    public static final long EVENT_IDX = 1L << 29;
    /** {@code VHOST_USER_F_PROTOCOL_FEATURES}: {@link VhostProtocol} features are negotiated, rings begin disabled. */
    public static final long PROTOCOL_FEATURES = 1L << 30;
    /** {@code VIRTIO_F_VERSION_1}: as the standard says, hence the header has 12 bytes. */
    public static final long VERSION_1 = 1L << 32;
    /** {@code VIRTIO_F_RING_PACKED}: see {@link PackedRing}. */
    public static final long RING_PACKED = 1L << 34;
    /** {@code VIRTIO_F_IN_ORDER}: buffers are used in the order in which they were made available. */
    public static final long IN_ORDER = 1L << 35;
    /** {@code VIRTIO_F_ORDER_PLATFORM}. */
    public static final long ORDER_PLATFORM = 1L << 36;

    private VirtioFeatures() {}
}
