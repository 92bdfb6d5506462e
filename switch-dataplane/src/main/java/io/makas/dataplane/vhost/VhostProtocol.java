// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

/** Numbers of the vhost-user protocol: requests of the front end, and protocol features as masks. */
public final class VhostProtocol {

    /** {@code VHOST_USER_GET_FEATURES}; answered by a u64. */
    public static final int GET_FEATURES = 1;
    /** {@code VHOST_USER_SET_FEATURES}: u64. */
    public static final int SET_FEATURES = 2;
    /** {@code VHOST_USER_SET_OWNER}. */
    public static final int SET_OWNER = 3;
    /** {@code VHOST_USER_RESET_OWNER}, deprecated. */
    public static final int RESET_OWNER = 4;
    /** {@code VHOST_USER_SET_MEM_TABLE}: regions, a descriptor each. */
    public static final int SET_MEM_TABLE = 5;
    /** {@code VHOST_USER_SET_LOG_BASE}. */
    public static final int SET_LOG_BASE = 6;
    /** {@code VHOST_USER_SET_LOG_FD}. */
    public static final int SET_LOG_FD = 7;
    /** {@code VHOST_USER_SET_VRING_NUM}: vring state, the size of the ring. */
    public static final int SET_VRING_NUM = 8;
    /** {@code VHOST_USER_SET_VRING_ADDR}: vring address. */
    public static final int SET_VRING_ADDR = 9;
    /** {@code VHOST_USER_SET_VRING_BASE}: vring state, the index to go on from. */
    public static final int SET_VRING_BASE = 10;
    /** {@code VHOST_USER_GET_VRING_BASE}: stops the ring; answered by a vring state. */
    public static final int GET_VRING_BASE = 11;
    /** {@code VHOST_USER_SET_VRING_KICK}: u64 of ring number and {@link #NO_FILE_DESCRIPTOR}; starts the ring. */
    public static final int SET_VRING_KICK = 12;
    /** {@code VHOST_USER_SET_VRING_CALL}: as above. */
    public static final int SET_VRING_CALL = 13;
    /** {@code VHOST_USER_SET_VRING_ERR}: as above. */
    public static final int SET_VRING_ERR = 14;
    /** {@code VHOST_USER_GET_PROTOCOL_FEATURES}; answered by a u64. */
    public static final int GET_PROTOCOL_FEATURES = 15;
    /** {@code VHOST_USER_SET_PROTOCOL_FEATURES}: u64. */
    public static final int SET_PROTOCOL_FEATURES = 16;
    /** {@code VHOST_USER_GET_QUEUE_NUM}; answered by a u64, in queue pairs. */
    public static final int GET_QUEUE_NUM = 17;
    /** {@code VHOST_USER_SET_VRING_ENABLE}: vring state, 1 or 0. */
    public static final int SET_VRING_ENABLE = 18;
    /** {@code VHOST_USER_SEND_RARP}: u64, a MAC address in its first six bytes. */
    public static final int SEND_RARP = 19;
    /** {@code VHOST_USER_NET_SET_MTU}: u64. */
    public static final int NET_SET_MTU = 20;
    /** {@code VHOST_USER_GET_INFLIGHT_FD}: inflight; answered by one with a descriptor. */
    public static final int GET_INFLIGHT_FD = 31;
    /** {@code VHOST_USER_SET_INFLIGHT_FD}: inflight with a descriptor. */
    public static final int SET_INFLIGHT_FD = 32;
    /** {@code VHOST_USER_RESET_DEVICE}. */
    public static final int RESET_DEVICE = 34;
    /** {@code VHOST_USER_GET_MAX_MEM_SLOTS}; answered by a u64. */
    public static final int GET_MAX_MEM_SLOTS = 36;
    /** {@code VHOST_USER_ADD_MEM_REG}: one region with its descriptor. */
    public static final int ADD_MEM_REG = 37;
    /** {@code VHOST_USER_REM_MEM_REG}: one region. */
    public static final int REM_MEM_REG = 38;
    /** {@code VHOST_USER_SET_STATUS}: u64. */
    public static final int SET_STATUS = 39;
    /** {@code VHOST_USER_GET_STATUS}; answered by a u64. */
    public static final int GET_STATUS = 40;

    /** {@code VHOST_USER_VRING_NOFD_MASK}: in place of a descriptor, the ring is to be polled. */
    public static final long NO_FILE_DESCRIPTOR = 1 << 8;
    /** {@code VHOST_USER_VRING_IDX_MASK}. */
    public static final long RING_MASK = 0xff;

    /** {@code VHOST_USER_PROTOCOL_F_MQ}: several queue pairs. */
    public static final long F_MQ = 1L << 0;
    /** {@code VHOST_USER_PROTOCOL_F_RARP}. */
    public static final long F_RARP = 1L << 2;
    /** {@code VHOST_USER_PROTOCOL_F_REPLY_ACK}: a request may ask whether it was done. */
    public static final long F_REPLY_ACK = 1L << 3;
    /** {@code VHOST_USER_PROTOCOL_F_MTU}. */
    public static final long F_MTU = 1L << 4;
    /** {@code VHOST_USER_PROTOCOL_F_INFLIGHT_SHMFD}. */
    public static final long F_INFLIGHT_SHMFD = 1L << 12;
    /** {@code VHOST_USER_PROTOCOL_F_RESET_DEVICE}. */
    public static final long F_RESET_DEVICE = 1L << 13;
    /** {@code VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS}: regions come and go one by one. */
    public static final long F_CONFIGURE_MEM_SLOTS = 1L << 15;
    /** {@code VHOST_USER_PROTOCOL_F_STATUS}. */
    public static final long F_STATUS = 1L << 16;

    private VhostProtocol() {}
}
