// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Gives frames to the AF_XDP sockets that the switch put into the map for them. The programs differ in what they go by and in
 * what becomes of the other frames:
 *
 *  - take_all, for interfaces that are the switch's alone and have one queue (a pod's veth), goes by the interface, so
 *    that one program serves all of them: the kernel stops for several milliseconds to attach a program that it has
 *    nowhere yet. Frames without a socket are dropped. Nobody checks them, so nobody may forward them; the host's stack
 *    must not become a way round the switch.
 *  - take_queues is the same for a veth with several queues, by the receive queue.
 *  - take_queue, for a NIC that the host uses too, goes by the receive queue. Frames without a socket go on to the host.
 *    A switch that dies or serves only some queues must not cut the host off.
 *  - take_some takes only the traffic that the map of traffic names, and leaves the rest to the host.
 *
 * The kernel gives no frame to a socket that is bound to another interface or queue, whatever the map says. "frags": frames
 * may be longer than a page.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* A power of two; XdpProgram.java has it too. */
#define ENTRIES 65536
/* As many entries as AfXdpTraffic.java lets a port have. */
#define TRAFFIC 256
#define VLAN_ID 0xfff
#define FRAGMENT_OFFSET 0x1fff

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, ENTRIES);
	__type(key, __u32);
	__type(value, __u32);
} makas_sockets SEC(".maps");

/* Kinds of traffic: the top byte of a key, whose other bytes are the value. AfXdpTraffic.java has them too. */
enum { DL_DST = 1, DL_VLAN, DL_TYPE, UDP_DST, TUNNEL };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, TRAFFIC);
	__type(key, __u64);
	__type(value, __u8);
} makas_traffic SEC(".maps");

struct vlan_tag {
	__be16 control;
	__be16 type;
};

/* What VXLAN and Geneve have in common. */
struct tunnel {
	__be32 flags_or_type;
	__be32 network;
};

static __always_inline int is_named(__u64 kind, __u64 value)
{
	__u64 key = kind << 56 | value;

	return bpf_map_lookup_elem(&makas_traffic, &key) != NULL;
}

static __always_inline int is_ours_by_udp(struct udphdr *udp, void *end)
{
	struct tunnel *tunnel = (void *)(udp + 1);
	__u64 port;

	if ((void *)(udp + 1) > end)
		return 0;
	port = bpf_ntohs(udp->dest);
	if (is_named(UDP_DST, port))
		return 1;
	return (void *)(tunnel + 1) <= end && is_named(TUNNEL, port << 24 | bpf_ntohl(tunnel->network) >> 8);
}

static __always_inline int is_ours_by_type(__be16 type, void *header, void *end)
{
	struct iphdr *ip = header;
	struct ipv6hdr *ip6 = header;

	if (is_named(DL_TYPE, bpf_ntohs(type)))
		return 1;
	if (type == bpf_htons(ETH_P_IP) && (void *)(ip + 1) <= end && ip->protocol == IPPROTO_UDP &&
	    !(ip->frag_off & bpf_htons(FRAGMENT_OFFSET)))
		return is_ours_by_udp(header + ip->ihl * 4, end);
	if (type == bpf_htons(ETH_P_IPV6) && (void *)(ip6 + 1) <= end && ip6->nexthdr == IPPROTO_UDP)
		return is_ours_by_udp((void *)(ip6 + 1), end);
	return 0;
}

static __always_inline int is_ours(void *start, void *end)
{
	struct ethhdr *ethernet = start;
	struct vlan_tag *tag = (void *)(ethernet + 1);
	__u64 destination = 0;

	if ((void *)(ethernet + 1) > end)
		return 0;
	for (int i = 0; i < ETH_ALEN; i++)
		destination = destination << 8 | ethernet->h_dest[i];
	if (is_named(DL_DST, destination))
		return 1;
	if (ethernet->h_proto != bpf_htons(ETH_P_8021Q) && ethernet->h_proto != bpf_htons(ETH_P_8021AD))
		return is_ours_by_type(ethernet->h_proto, tag, end);
	if ((void *)(tag + 1) > end)
		return 0;
	return is_named(DL_VLAN, bpf_ntohs(tag->control) & VLAN_ID) || is_ours_by_type(tag->type, tag + 1, end);
}

SEC("xdp.frags")
int makas_take_all(struct xdp_md *frame)
{
	return bpf_redirect_map(&makas_sockets, frame->ingress_ifindex & (ENTRIES - 1), XDP_DROP);
}

SEC("xdp.frags")
int makas_take_queues(struct xdp_md *frame)
{
	return bpf_redirect_map(&makas_sockets, frame->rx_queue_index, XDP_DROP);
}

SEC("xdp.frags")
int makas_take_queue(struct xdp_md *frame)
{
	return bpf_redirect_map(&makas_sockets, frame->rx_queue_index, XDP_PASS);
}

SEC("xdp.frags")
int makas_take_some(struct xdp_md *frame)
{
	if (!is_ours((void *)(long)frame->data, (void *)(long)frame->data_end))
		return XDP_PASS;
	return bpf_redirect_map(&makas_sockets, frame->rx_queue_index, XDP_PASS);
}

char _license[] SEC("license") = "Dual BSD/GPL";
