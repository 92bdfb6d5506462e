// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

/**
 * What the controllers are told of a packet besides its bytes ({@code ofp_packet_in}, OpenFlow 1.3.5 §7.4.1).
 *
 * @param reason why they get it
 * @param table the table of the flow that sent it
 * @param cookie the cookie of that flow; all ones if there is none
 * @param controllerId which controllers, 0 to 0xffff
 * @param userData what the flow wants them to have
 * @param pipelineFields the key's words from {@code KeyLayout.PACKET_WORDS} on as they were then: the tunnel's fields, as far as
 *     actions have set them, metadata, registers; not to be changed
 * @param inPort the port that the packet came in by
 */
public record PacketInContext(
        PacketInReason reason,
        int table,
        long cookie,
        int controllerId,
        Octets userData,
        long[] pipelineFields,
        int inPort) {}
