// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.ReservedPort;
import java.util.Locale;
import java.util.Map;

/**
 * Ports as text: a number, or the name of a reserved one in any case. As with {@code ovs-ofctl}, the decimal numbers 65528 to
 * 65535 are the reserved ports of OpenFlow 1.0; an ordinary port of such a number is written in hexadecimal. Stateless.
 */
final class PortNotation {

    /** {@code OFPP_CONTROLLER} (openflow.h). */
    static final int CONTROLLER = 0xfffffffd;

    /** {@code OFPP_ANY} (openflow.h). */
    static final int ANY = 0xffffffff;

    private static final int FIRST_RESERVED_OF10 = 65_528;
    private static final int LAST_RESERVED_OF10 = 65_535;
    private static final int FROM_OF10 = 0xffff_0000;

    private static final Map<String, Integer> RESERVED = Map.of(
            "in_port", ReservedPort.IN_PORT.number(),
            "table", 0xfffffff9,
            "normal", ReservedPort.NORMAL.number(),
            "flood", ReservedPort.FLOOD.number(),
            "all", ReservedPort.ALL.number(),
            "controller", CONTROLLER,
            "local", ReservedPort.LOCAL.number(),
            "any", ANY,
            "none", ANY);

    private PortNotation() {}

    /** Whether a word begins like a port. */
    static boolean isPort(Word word) {
        return !word.isEmpty()
                && (isDigit(word.text().charAt(0))
                        || word.text().charAt(0) == '"'
                        || RESERVED.containsKey(word.text().toLowerCase(Locale.ROOT)));
    }

    /** Reads a port: its OpenFlow 1.3 number, unsigned. */
    static int read(Word word) throws FlowTextException {
        Word bare = unquoted(word);
        if (bare.isEmpty() || !isDigit(bare.text().charAt(0))) {
            Integer reserved = RESERVED.get(bare.text().toLowerCase(Locale.ROOT));
            if (reserved == null) {
                throw word.expected("a port: a number, in_port, all, flood, normal, local or controller");
            }
            return reserved;
        }
        int number = (int) bare.number(0xffff_ffffL);
        boolean isDecimal = isDigit(bare.text().charAt(bare.text().length() > 1 ? 1 : 0));
        boolean isReservedOf10 = number >= FIRST_RESERVED_OF10 && number <= LAST_RESERVED_OF10;
        return isDecimal && isReservedOf10 ? number + FROM_OF10 : number;
    }

    /** Reads a port that is no reserved one, but for LOCAL and IN_PORT. */
    static int readTarget(Word word) throws FlowTextException {
        int port = read(word);
        boolean isTarget = Integer.compareUnsigned(port, Action.MAX_PORT) <= 0
                || port == ReservedPort.LOCAL.number()
                || port == ReservedPort.IN_PORT.number();
        if (!isTarget) {
            throw word.expected("an ordinary port, local or in_port");
        }
        return port;
    }

    /** The reserved port of a number, or null. */
    static ReservedPort reserved(int number) {
        for (ReservedPort port : ReservedPort.values()) {
            if (port.number() == number) {
                return port;
            }
        }
        return null;
    }

    /** Writes a port. */
    static String text(int number) {
        if (number == ANY) {
            return "ANY";
        }
        if (Integer.compareUnsigned(number, Action.MAX_PORT) > 0) {
            for (Map.Entry<String, Integer> port : RESERVED.entrySet()) {
                if (port.getValue() == number) {
                    return port.getKey().toUpperCase(Locale.ROOT);
                }
            }
        }
        boolean isReservedOf10 = number >= FIRST_RESERVED_OF10 && number <= LAST_RESERVED_OF10;
        return isReservedOf10 ? "0x" + Integer.toHexString(number) : Integer.toUnsignedString(number);
    }

    private static Word unquoted(Word word) {
        String text = word.text();
        boolean isQuoted = text.length() > 2 && text.startsWith("\"") && text.endsWith("\"");
        return isQuoted ? word.part(1, text.length() - 1) : word;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
