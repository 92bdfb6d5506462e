// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.action.Action;
import io.makas.flow.action.ReservedPort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** What leaves the plain switch: by ports, and to the controllers. */
final class PlainOutputs {

    private final List<Integer> ports;
    private final Predicate<Departure> departs;

    private int inPort;
    private List<PlainResult.Output> sent;
    private List<PlainResult.PacketIn> packetIns;

    PlainOutputs(List<Integer> ports, Predicate<Departure> departs) {
        this.ports = ports;
        this.departs = departs;
    }

    void begin(int port) {
        inPort = port;
        sent = new ArrayList<>();
        packetIns = new ArrayList<>();
    }

    PlainResult result(List<Integer> tables) {
        return new PlainResult(sent, packetIns, tables);
    }

    void output(Action action, PlainFrame frame) {
        switch (action) {
            case Action.Output(int port) -> unlessBack(port, frame, Integer.MAX_VALUE);
            case Action.OutputTruncated(int port, int maxBytes) -> {
                if (port == ReservedPort.IN_PORT.number()) {
                    send(inPort, frame, maxBytes);
                } else {
                    unlessBack(port, frame, maxBytes);
                }
            }
            case Action.OutputField(var from) -> unlessBack(frame.get(from).intValue(), frame, Integer.MAX_VALUE);
            case Action.OutputReserved(ReservedPort port) -> {
                switch (port) {
                    case IN_PORT -> send(inPort, frame, Integer.MAX_VALUE);
                    case ALL, FLOOD -> ports.forEach(each -> unlessBack(each, frame, Integer.MAX_VALUE));
                    case LOCAL -> unlessBack(port.number(), frame, Integer.MAX_VALUE);
                    case NORMAL -> throw new UnsupportedOperationException("NORMAL learns");
                }
            }
            default -> throw new IllegalArgumentException(action.toString());
        }
    }

    void packetIn(String reason, PlainFlow flow, PlainFrame frame, int maxBytes) {
        byte[] bytes = frame.bytes();
        boolean isWhole = maxBytes >= bytes.length || departs.test(Departure.PACKET_IN_IS_WHOLE);
        byte[] data = isWhole ? bytes : Arrays.copyOf(bytes, maxBytes);
        packetIns.add(new PlainResult.PacketIn(reason, flow.table, flow.cookie, data, bytes.length));
    }

    private void unlessBack(int port, PlainFrame frame, int maxBytes) {
        if (port != inPort) {
            send(port, frame, maxBytes);
        }
    }

    private void send(int port, PlainFrame frame, int maxBytes) {
        if (ports.contains(port)) {
            byte[] bytes = frame.bytes();
            sent.add(new PlainResult.Output(port, Arrays.copyOf(bytes, Math.min(bytes.length, maxBytes))));
        }
    }
}
