// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Gives every frame of a receive queue to the AF_XDP socket that the switch put into the map for that queue.
 *
 * What becomes of frames while there is no socket is decided by which of the two programs is attached:
 *
 *  - take_all, for interfaces that are the switch's alone (a pod's veth): frames are dropped. Nobody checks them, so
 *    nobody may forward them; the host's stack must not become a way round the switch.
 *  - take_queue, for a NIC that the host uses too: frames go on to the host. A switch that dies or serves only some
 *    queues must not cut the host off.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAX_QUEUES 256

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, MAX_QUEUES);
	__type(key, __u32);
	__type(value, __u32);
} makas_sockets SEC(".maps");

SEC("xdp")
int makas_take_all(struct xdp_md *frame)
{
	return bpf_redirect_map(&makas_sockets, frame->rx_queue_index, XDP_DROP);
}

SEC("xdp")
int makas_take_queue(struct xdp_md *frame)
{
	return bpf_redirect_map(&makas_sockets, frame->rx_queue_index, XDP_PASS);
}

char _license[] SEC("license") = "Dual BSD/GPL";
