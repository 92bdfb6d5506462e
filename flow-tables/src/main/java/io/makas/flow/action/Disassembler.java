// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;

/** Writes the operations of an {@link ActionProgram} for people: logs, traces, failed assertions. Stateless. */
final class Disassembler {

    private static final Field[] FIELDS = Field.values();

    private Disassembler() {}

    static String text(int[] code) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < code.length; at += ActionProgram.lengthOf(code[at])) {
            operation(text.append(at == 0 ? "" : ","), code, at);
        }
        return text.toString();
    }

    private static void operation(StringBuilder text, int[] code, int at) {
        switch (code[at]) {
            case ActionProgram.OP_OUTPUT -> text.append("copy:").append(Integer.toUnsignedString(code[at + 1]));
            case ActionProgram.OP_OUTPUT_LAST -> text.append("output:").append(Integer.toUnsignedString(code[at + 1]));
            case ActionProgram.OP_SET_FIELD, ActionProgram.OP_SET_FIELD_128 -> setField(text, code, at);
            case ActionProgram.OP_PUSH_VLAN ->
                text.append(String.format("push_vlan:0x%04x(tci 0x%04x)", code[at + 1], code[at + 2]));
            case ActionProgram.OP_POP_VLAN -> text.append("pop_vlan");
            case ActionProgram.OP_DEC_TTL -> text.append("dec_ttl");
            case ActionProgram.OP_CONTROLLER -> text.append("controller:").append(code[at + 1]);
            default -> throw new IllegalStateException("operation " + code[at] + " at " + at);
        }
    }

    private static void setField(StringBuilder text, int[] code, int at) {
        Field field = FIELDS[code[at + 1]];
        int words = field.widthBits() > 64 ? 4 : 2;
        text.append("set_field:").append(hex(code, at + 2, words));
        String mask = hex(code, at + 2 + words, words);
        if (!mask.equals(field.widthBits() > 64 ? "0x" + "f".repeat(32) : "0x" + Long.toHexString(field.ones()))) {
            text.append('/').append(mask);
        }
        text.append("->").append(field.text());
    }

    private static String hex(int[] code, int at, int words) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < words; i++) {
            digits.append(String.format("%08x", code[at + i]));
        }
        return "0x" + digits.toString().replaceFirst("^0+(?=.)", "");
    }
}
