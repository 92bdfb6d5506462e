// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.action.Octets;
import io.makas.flow.action.PacketInContext;
import io.makas.flow.action.PacketInReason;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.match.Match;
import java.util.Arrays;

/**
 * Sends a packet on its walk somewhere: to ports, to what reserved ports stand for, to controllers and collectors. Each method
 * answers what is remarkable about that, for people.
 *
 * <p>For one walk, on one thread.
 */
final class Outputs {

    /** Group addresses that bridges do not forward (IEEE 802.1Q §8.6.3). */
    private static final long LINK_LOCAL = 0x0180_c200_0000L;

    private static final long LINK_LOCAL_MASK = 0xffff_ffff_fff0L;

    /** Numbers in fields from here to 0xffff are reserved ports of OpenFlow 1.0, as Open vSwitch has them. */
    private static final long MIN_SHORT_RESERVED = 0xfff8;

    private static final long MAX_SHORT_RESERVED = 0xffff;
    private static final int RESERVED_HIGH_HALF = 0xffff0000;

    /** {@code OFPP_CONTROLLER} and {@code OFPP_NONE} (openflow.h). */
    private static final int CONTROLLER = 0xfffffffd;

    private static final int NONE = 0xffffffff;

    private final WalkContext walk;

    Outputs(WalkContext walk) {
        this.walk = walk;
    }

    String output(int port) {
        if (port == walk.key.inPort()) {
            return walk.suppressed(DropReason.OUTPUT_TO_INPUT);
        }
        return send(port);
    }

    String outputReserved(ReservedPort port) {
        return switch (port) {
            case IN_PORT -> send(walk.key.inPort());
            case LOCAL -> output(ReservedPort.LOCAL.number());
            case ALL -> sendToEach(walk.view.ports().usable());
            case FLOOD -> sendToEach(walk.view.ports().flooded());
            case NORMAL -> outputNormal();
        };
    }

    /** Sends to the port whose number is in a field: an ordinary one, or a reserved one of 16 or 32 bits. */
    String outputField(FieldRange from, Origin origin) {
        RangeBits bits = RangeBits.read(walk.key, from);
        if (bits.high() != 0 || bits.low() >>> Integer.SIZE != 0) {
            return walk.suppressed(DropReason.NO_SUCH_PORT);
        }
        boolean isShortReserved = bits.low() >= MIN_SHORT_RESERVED && bits.low() <= MAX_SHORT_RESERVED;
        int number = (int) bits.low() | (isShortReserved ? RESERVED_HIGH_HALF : 0);
        String result = outputNumber(number, origin);
        return result.isEmpty() ? walk.remark("port ", Integer.toUnsignedString(number)) : result;
    }

    /** Sends to a port of any number, an ordinary or a reserved one. */
    String outputNumber(int number, Origin origin) {
        if (number == CONTROLLER) {
            packetIn(new Action.Controller(Action.Controller.WHOLE_PACKET), PacketInReason.ACTION, origin);
            return "";
        }
        if (number == NONE) {
            return walk.suppressed(DropReason.NO_SUCH_PORT);
        }
        for (ReservedPort reserved : ReservedPort.values()) {
            if (reserved.number() == number) {
                return outputReserved(reserved);
            }
        }
        return output(number);
    }

    String outputTruncated(int port, int maxBytes) {
        boolean isBack = port == ReservedPort.IN_PORT.number();
        int number = isBack ? walk.key.inPort() : port;
        if (number == walk.key.inPort() && !isBack) {
            return walk.suppressed(DropReason.OUTPUT_TO_INPUT);
        }
        if (!walk.view.ports().isUsable(number)) {
            return walk.suppressed(DropReason.NO_SUCH_PORT);
        }
        walk.program.outputTruncated(number, maxBytes);
        tellSent(number);
        return "";
    }

    /** Sends to the controllers, for the reason that the action asks for, else for the usual one. */
    String packetIn(Action.Controller controller, PacketInReason usualReason, Origin origin) {
        PacketInContext context = new PacketInContext(
                controller.reason() == null ? usualReason : controller.reason(),
                origin.table(),
                origin.cookie(),
                controller.controllerId(),
                controller.userData(),
                pipelineFields(),
                walk.key.inPort());
        walk.program.controller(controller.maxBytes(), walk.operands.add(context));
        tellSent(Trace.Sent.CONTROLLER);
        return "";
    }

    private long[] pipelineFields() {
        long[] fields = Arrays.copyOfRange(walk.key.words(), KeyLayout.PACKET_WORDS, KeyLayout.WORDS);
        for (int word = KeyLayout.PACKET_WORDS; word < KeyLayout.RECEIVED_WORDS; word++) {
            fields[word - KeyLayout.PACKET_WORDS] &= walk.key.overwritten(word);
        }
        return fields;
    }

    /** Tells the controllers of a packet whose TTL has ended. */
    String packetInOfExpired(Origin origin) {
        Action.Controller controller =
                new Action.Controller(Action.Controller.WHOLE_PACKET, PacketInReason.INVALID_TTL, 0, Octets.NONE);
        packetIn(controller, PacketInReason.INVALID_TTL, origin);
        return walk.suppressed(DropReason.TTL_EXPIRED);
    }

    String sample(Action.Sample sample) {
        walk.program.sample(walk.operands.add(sample));
        return "";
    }

    /** Does what a learning switch does: remembers the sender's port, and sends to the receiver's or, if unknown, to all. */
    private String outputNormal() {
        int vlan = (int) walk.key.read(Field.VLAN_VID) & ~Match.VLAN_PRESENT;
        long sender = walk.key.read(Field.ETH_SRC);
        long receiver = walk.key.read(Field.ETH_DST);
        MacTable macs = walk.view.macs();
        if (walk.observer == null) {
            LearnedAddress source = macs.learn(
                    vlan, sender, walk.key.inPort(), walk.view.clockNs().getAsLong());
            if (source != null) {
                walk.uses.add(source);
            } else if (!MacTable.isGroup(sender)) {
                walk.footprint.wantsRoom();
            }
        }
        walk.footprint.lookedFor(vlan, sender);
        if ((receiver & LINK_LOCAL_MASK) == LINK_LOCAL) {
            return walk.suppressed(DropReason.FLOW_DROP);
        }
        walk.footprint.lookedFor(vlan, receiver);
        LearnedAddress learned = MacTable.isGroup(receiver) ? null : macs.find(vlan, receiver);
        if (learned == null) {
            return sendToEach(walk.view.ports().flooded());
        }
        String result = output(learned.port());
        return result.isEmpty() ? walk.remark("to port ", learned.port()) : result;
    }

    private String sendToEach(int[] targets) {
        int sent = 0;
        for (int port : targets) {
            if (port != walk.key.inPort()) {
                emit(port);
                sent++;
            }
        }
        return sent == 0 ? walk.suppressed(DropReason.NO_SUCH_PORT) : walk.remark("ports: ", sent);
    }

    private String send(int port) {
        if (!walk.view.ports().isUsable(port)) {
            return walk.suppressed(DropReason.NO_SUCH_PORT);
        }
        emit(port);
        return "";
    }

    private void emit(int port) {
        walk.program.output(port);
        tellSent(port);
    }

    private void tellSent(int port) {
        if (walk.observer != null) {
            walk.observer.sends(port, walk.key.words());
        }
    }
}
