// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.table.FlowModException.Kind;
import java.util.function.Supplier;

/** Refuses arguments of Open vSwitch's actions that mean nothing, whatever the flow. For one edit; for any thread. */
final class ActionArguments {

    /** Ports that a bundle may have, as in Open vSwitch. */
    private static final int MAX_BUNDLE_PORTS = 2_048;

    private static final int PORT_BITS = 16;
    private static final int MAX_LINKS = 65_536;
    private static final int MAX_CLAUSES = 64;

    private final int index;

    ActionArguments(int index) {
        this.index = index;
    }

    /** Checks an action that can be applied, and not be in an action set (OpenFlow 1.3.5 §5.10; ovs-actions(7)). */
    void ofApplied(Action action, boolean inActionSet) throws FlowModException {
        require(!inActionSet, () -> name(action) + " cannot be in an action set; apply it");
        switch (action) {
            case Action.OutputTruncated(int port, int maxBytes) -> outputTruncated(port, maxBytes);
            case Action.Pop(FieldRange to) -> settable(to, "pop");
            case Action.Sample sample ->
                require(
                        sample.probability() >= 1 && sample.probability() >>> 16 == 0,
                        () -> "sample: probability " + sample.probability() + " is not from 1 to 65535");
            case Action.CheckPacketLarger(int bytes, FieldRange to) -> {
                require(bytes >>> 16 == 0, () -> "check_pkt_larger(" + bytes + "): 0 to 65535 bytes can be asked for");
                require(
                        to.widthBits() == 1,
                        () -> "check_pkt_larger needs one bit for its answer, and not " + to.widthBits());
                settable(to, "check_pkt_larger");
            }
            case Action.Conjunction(int _, int clause, int clauses) ->
                require(
                        clauses >= 2 && clauses <= MAX_CLAUSES && clause >= 1 && clause <= clauses,
                        () -> "conjunction: " + clause + "/" + clauses + " is no clause of 2 to " + MAX_CLAUSES);
            case Action.Multipath multipath -> multipath(multipath);
            case Action.Bundle bundle -> bundle(bundle);
            default -> {
                // Has no arguments, or none that could be wrong.
            }
        }
    }

    void move(Action.Move move) throws FlowModException {
        require(
                move.from().widthBits() == move.to().widthBits(),
                () -> "move: " + move.from().widthBits() + " bits cannot become "
                        + move.to().widthBits());
        settable(move.to(), "move");
    }

    private void outputTruncated(int port, int maxBytes) throws FlowModException {
        require(
                maxBytes >= Ethernet.HEADER_BYTES,
                () -> "output(max_len=" + maxBytes + "): an Ethernet header has " + Ethernet.HEADER_BYTES + " bytes");
        boolean isReserved = port == ReservedPort.IN_PORT.number() || port == ReservedPort.LOCAL.number();
        if (!isReserved && !isOrdinary(port)) {
            throw new FlowModException(
                    index,
                    Kind.BAD_OUT_PORT,
                    "output(port=" + Integer.toUnsignedString(port) + ",max_len=" + maxBytes
                            + "): only to a port, in_port or local can packets be sent in part");
        }
    }

    private void multipath(Action.Multipath multipath) throws FlowModException {
        int links = multipath.links();
        require(
                links >= 1 && links <= MAX_LINKS,
                () -> "multipath: " + links + " is no number of links from 1 to 65536");
        int bits = multipath.to().widthBits();
        require(
                bits >= PORT_BITS || links <= 1 << bits,
                () -> "multipath: the number of a link of " + links + " does not fit into " + bits + " bits");
        require(
                multipath.basis() >>> 16 == 0,
                () -> "multipath: basis " + multipath.basis() + " is not from 0 to 65535");
        settable(multipath.to(), "multipath");
    }

    private void bundle(Action.Bundle bundle) throws FlowModException {
        require(
                bundle.ports().size() <= MAX_BUNDLE_PORTS,
                () -> "bundle: " + bundle.ports().size() + " ports are more than " + MAX_BUNDLE_PORTS);
        for (int port : bundle.ports()) {
            if (!isOrdinary(port) && port != ReservedPort.LOCAL.number()) {
                throw new FlowModException(
                        index, Kind.BAD_OUT_PORT, "bundle: " + Integer.toUnsignedString(port) + " is no port's number");
            }
        }
        require(bundle.basis() >>> 16 == 0, () -> "bundle: basis " + bundle.basis() + " is not from 0 to 65535");
        if (bundle.to() != null) {
            require(
                    bundle.to().widthBits() >= PORT_BITS,
                    () -> "bundle_load: a port does not fit into " + bundle.to().widthBits() + " bits");
            settable(bundle.to(), "bundle_load");
        }
    }

    private void settable(FieldRange to, String action) throws FlowModException {
        if (!to.field().settable()) {
            throw new FlowModException(
                    index, Kind.BAD_SET_TYPE, action + ": " + to.field().text() + " cannot be set");
        }
    }

    private static boolean isOrdinary(int port) {
        return port != 0 && Integer.compareUnsigned(port, Action.MAX_PORT) <= 0;
    }

    private static String name(Action action) {
        return switch (action) {
            case Action.OutputField _ -> "output to a port in a field";
            case Action.OutputTruncated _ -> "output with max_len";
            case Action.Push _ -> "push";
            case Action.Pop _ -> "pop";
            case Action.PopQueue _ -> "pop_queue";
            case Action.Note _ -> "note";
            case Action.Exit _ -> "exit";
            case Action.Sample _ -> "sample";
            case Action.CheckPacketLarger _ -> "check_pkt_larger";
            case Action.Conjunction _ -> "conjunction";
            case Action.Multipath _ -> "multipath";
            case Action.Bundle _ -> "bundle";
            default -> action.toString();
        };
    }

    private void require(boolean isRight, Supplier<String> message) throws FlowModException {
        if (!isRight) {
            throw new FlowModException(index, Kind.BAD_ARGUMENT, message.get());
        }
    }
}
