// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowMod;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import io.makas.v1.FlowEdit;

/** Flows that clients give as text: which command a text is for, and where it is wrong. */
final class FlowTextMapper {

    private FlowTextMapper() {}

    /** The edit of a text. */
    static FlowMod flowMod(FlowEdit edit) throws EditException {
        if (edit.getOutPort() != 0 || edit.getCookieMask() != 0 || edit.getAllTables()) {
            throw new EditException(
                    "bad_request",
                    "out_port, cookie_mask and all_tables belong into the text: 'out_port=2', 'cookie=0x1/0xff', no 'table='");
        }
        try {
            return FlowText.parse(command(edit), edit.getText());
        } catch (FlowTextException e) {
            throw syntax(e);
        }
    }

    /** Which flows a text selects. */
    static FlowFilter filter(String text) throws EditException {
        try {
            return FlowText.parseFilter(text);
        } catch (FlowTextException e) {
            throw syntax(e);
        }
    }

    private static EditException syntax(FlowTextException e) {
        return new EditException("syntax", e.getMessage(), e.column());
    }

    private static FlowText.Command command(FlowEdit edit) throws EditException {
        return switch (edit.getCommand()) {
            case COMMAND_ADD -> FlowText.Command.ADD;
            case COMMAND_MODIFY -> FlowText.Command.MODIFY;
            case COMMAND_MODIFY_STRICT -> FlowText.Command.MODIFY_STRICT;
            case COMMAND_DELETE -> FlowText.Command.DELETE;
            case COMMAND_DELETE_STRICT -> FlowText.Command.DELETE_STRICT;
            case COMMAND_UNSPECIFIED, UNRECOGNIZED -> throw FlowRequestMapper.unknownCommand(edit);
        };
    }
}
