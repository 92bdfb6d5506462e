// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;

/**
 * Chooses one of several links or ports for a packet on its walk, by a hash of its fields (ovs-actions(7), {@code multipath}
 * and {@code bundle}). The ways to choose are Open vSwitch's; the hash itself is ours, so that the same packet may take another
 * link there. For one walk, on one thread.
 */
final class LinkChoice {

    /** What {@code bundle} writes when no port is up ({@code OFPP_NONE} of OpenFlow 1.0). */
    private static final int NO_PORT = 0xffff;

    /** With more links than this, {@code hrw} chooses as {@code iter_hash} does. */
    private static final int MAX_WEIGHED_LINKS = 64;

    private static final long HASHES = 1L << Integer.SIZE;

    private final WalkContext walk;
    private final PacketRewriter rewriter;
    private final Outputs outputs;

    LinkChoice(WalkContext walk, PacketRewriter rewriter, Outputs outputs) {
        this.walk = walk;
        this.rewriter = rewriter;
        this.outputs = outputs;
    }

    /** Writes the number of the link that the packet is to take. */
    String multipath(Action.Multipath action) {
        long hash = PacketHash.of(walk.key, action.fields(), action.basis());
        int links = action.links();
        int link = switch (action.algorithm()) {
            case MODULO_N -> (int) (hash % links);
            case HASH_THRESHOLD -> (int) (hash / ((HASHES + links - 1) / links));
            case HRW -> links <= MAX_WEIGHED_LINKS ? heaviest(hash, links) : iterate(hash, links, 0);
            case ITER_HASH -> iterate(hash, links, action.argument());
        };
        String result = rewriter.write(action.to(), new RangeBits(0, link));
        return result.isEmpty() ? walk.remark("link ", link) : result;
    }

    /** Sends to the port chosen, or writes its number. */
    String bundle(Action.Bundle action, Origin origin) {
        int port = action.isActiveBackup() ? firstUsable(action) : heaviestUsable(action);
        if (action.to() == null) {
            return port == NO_PORT ? walk.suppressed(DropReason.NO_SUCH_PORT) : outputs.outputNumber(port, origin);
        }
        String result = rewriter.write(action.to(), new RangeBits(0, Integer.toUnsignedLong(port)));
        return result.isEmpty() ? walk.remark("port ", Integer.toUnsignedString(port)) : result;
    }

    private int firstUsable(Action.Bundle action) {
        for (int port : action.ports()) {
            if (walk.view.ports().isUsable(port)) {
                return port;
            }
        }
        return NO_PORT;
    }

    private int heaviestUsable(Action.Bundle action) {
        long hash = action.ports().size() > 1 ? PacketHash.of(walk.key, action.fields(), action.basis()) : 0;
        int best = NO_PORT;
        long bestWeight = -1;
        for (int i = 0; i < action.ports().size(); i++) {
            long weight = PacketHash.of(hash, i);
            if (weight > bestWeight && walk.view.ports().isUsable(action.ports().get(i))) {
                best = action.ports().get(i);
                bestWeight = weight;
            }
        }
        return best;
    }

    private static int heaviest(long hash, int links) {
        int best = 0;
        for (int link = 1; link < links; link++) {
            best = PacketHash.of(hash, link) > PacketHash.of(hash, best) ? link : best;
        }
        return best;
    }

    private static int iterate(long hash, int links, int modulo) {
        boolean isFit = modulo >= links && modulo / 2 <= links;
        int range = isFit ? modulo : Math.max(1, Integer.highestOneBit(2 * links - 1));
        for (int i = 0; ; i++) {
            int link = (int) (PacketHash.of(hash, i) % range);
            if (link < links) {
                return link;
            }
        }
    }
}
