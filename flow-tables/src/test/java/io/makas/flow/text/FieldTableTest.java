// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.flow.key.Field;
import io.makas.flow.key.Prerequisite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of fields in the documents is the one that the code has. */
final class FieldTableTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "fields.md");
    private static final String HEADING = "| name | other names | bits | mask | needs | can be set | written as |";

    @Test
    void shouldTellEveryFieldWithItsNames() throws IOException {
        String document = Files.readString(DOCUMENT);
        int start = document.indexOf(HEADING);
        int end = document.indexOf("\n\n", start);

        assertEquals(table(), document.substring(start, end), "this table belongs into " + DOCUMENT);
    }

    private static String table() {
        List<String> rows = new ArrayList<>(List.of(HEADING, "|---|---|---|---|---|---|---|"));
        for (Field field : Field.values()) {
            if (field != Field.RECIRC_ID && !isLaterRegister(field)) {
                rows.add(row(field));
            }
        }
        return String.join("\n", rows);
    }

    /** Registers are told once for all. */
    private static boolean isLaterRegister(Field field) {
        return field.name().matches("X{0,2}REG[1-9][0-9]*");
    }

    private static String row(Field field) {
        boolean isRegister = field.name().endsWith("REG0");
        String name = "`" + field.text() + "`" + (isRegister ? " …" : "");
        return "| " + name + " | " + otherNames(field) + " | " + field.widthBits() + " | "
                + (field.maskable() ? "any" : "no") + " | " + needs(field) + " | " + (field.settable() ? "yes" : "no")
                + " | " + notation(field) + " |";
    }

    private static String otherNames(Field field) {
        TreeSet<String> names = new TreeSet<>();
        for (String name : FieldNames.all()) {
            boolean isOther = !name.equals(field.text());
            if (isOther && FieldNames.find(name).fields().contains(field)) {
                names.add("`" + name + "`");
            }
        }
        return String.join(" ", names);
    }

    private static String needs(Field field) {
        if (field.prerequisite() == Prerequisite.VLAN) {
            return "a VLAN tag";
        }
        String text = field.prerequisite().text();
        return text.isEmpty() ? "" : "`" + text.replaceAll(" \\(.*", "").replaceAll(" or ", "` or `") + "`";
    }

    private static String notation(Field field) {
        return switch (FieldNotation.of(field)) {
            case DECIMAL, HEX, HEX16 -> "number";
            case MAC -> "`02:00:00:00:00:07`";
            case IPV4 -> "`10.0.0.7`, `10.0.0.0/8`, `10.0.0.7/255.0.0.255`";
            case IPV6 -> "`fd00::7`, `fd00::/8`, `fd00::7/ffff::ff`";
            case PORT -> "number or `LOCAL`";
            case FRAGMENT -> "`no` `yes` `first` `later` `not_later`";
            case FLAGS ->
                switch (field) {
                    case TCP_FLAGS -> "`+syn-ack`, `syn|ack`".replace("|", "\\|");
                    case CT_STATE -> "`+trk-new`, `trk|est`".replace("|", "\\|");
                    default -> "`+oam`, `-oam`";
                };
        };
    }
}
