// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Gives every frame to the AF_XDP socket that the switch put into the map for it. There are two programs, which differ in
 * what they go by and in what becomes of frames while there is no socket:
 *
 *  - take_all, for interfaces that are the switch's alone (a pod's veth, which has one queue), goes by the interface, so
 *    that one program serves all of them: the kernel stops for several milliseconds to attach a program that it has
 *    nowhere yet. Frames without a socket are dropped. Nobody checks them, so nobody may forward them; the host's stack
 *    must not become a way round the switch.
 *  - take_queue, for a NIC that the host uses too, goes by the receive queue. Frames without a socket go on to the host.
 *    A switch that dies or serves only some queues must not cut the host off.
 *
 * The kernel gives no frame to a socket that is bound to another interface or queue, whatever the map says.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* A power of two; XdpProgram.java has it too. */
#define ENTRIES 65536

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, ENTRIES);
	__type(key, __u32);
	__type(value, __u32);
} makas_sockets SEC(".maps");

SEC("xdp")
int makas_take_all(struct xdp_md *frame)
{
	return bpf_redirect_map(&makas_sockets, frame->ingress_ifindex & (ENTRIES - 1), XDP_DROP);
}

SEC("xdp")
int makas_take_queue(struct xdp_md *frame)
{
	return bpf_redirect_map(&makas_sockets, frame->rx_queue_index, XDP_PASS);
}

char _license[] SEC("license") = "Dual BSD/GPL";
