// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.text.FlowText;
import java.util.List;
import java.util.function.Consumer;

/** Writes a trace as one line of JSON (RFC 8259), with the members that {@code docs/trace.md} describes. For one trace. */
final class TraceJson {

    private final StringBuilder out = new StringBuilder();

    String of(Trace trace) {
        out.append('{');
        text("packet", trace.packetText());
        list(",\"steps\":", trace.events(), this::event);
        list(",\"action_set\":", trace.actionSet(), this::event);
        list(",\"outputs\":", trace.sent(), sent -> {
            out.append("{\"port\":").append(Integer.toUnsignedLong(sent.port())).append(',');
            text("packet", sent.packet());
            out.append('}');
        });
        out.append(',');
        text("megaflow", trace.megaflowText());
        out.append(',');
        text("actions", trace.actionsText());
        out.append(',');
        text(
                "drop_reason",
                trace.dropReason() == null ? null : trace.dropReason().label());
        return out.append('}').toString();
    }

    private void event(Trace.Event event) {
        switch (event) {
            case Trace.Step step -> step(step);
            case Trace.Executed executed -> {
                out.append('{');
                text("action", FlowText.format(executed.action()));
                out.append(',');
                text("remark", executed.remark());
                list(",\"changes\":", executed.changes(), this::change);
                list(",\"within\":", executed.within(), this::event);
                out.append('}');
            }
            case Trace.Part part -> {
                out.append('{');
                text("part", part.title());
                list(",\"within\":", part.within(), this::event);
                out.append('}');
            }
        }
    }

    private void step(Trace.Step step) {
        out.append("{\"table\":").append(step.table()).append(',');
        text("flow", step.entry() == null ? null : step.flowText());
        out.append(',');
        text("cookie", step.entry() == null ? null : cookie(step.entry().cookie()));
        out.append(',');
        text("decided_by", FlowText.format(step.decidedBy()));
        list(",\"near_misses\":", step.nearMisses(), miss -> {
            out.append('{');
            text("flow", miss.flowText());
            out.append(',');
            text("cookie", cookie(miss.entry().cookie()));
            list(",\"differences\":", miss.differences(), this::difference);
            out.append('}');
        });
        out.append(',');
        text("meter", step.meterText());
        list(",\"actions\":", step.executed(), this::event);
        out.append(',');
        text("instructions", step.otherInstructions());
        out.append('}');
    }

    private void difference(Trace.Difference difference) {
        out.append('{');
        text("field", difference.field());
        out.append(',');
        text("wanted", difference.wanted());
        out.append(',');
        text("actual", difference.actual());
        out.append('}');
    }

    private void change(Trace.Change change) {
        out.append('{');
        text("field", change.field());
        out.append(',');
        text("before", change.before());
        out.append(',');
        text("after", change.after());
        out.append('}');
    }

    private static String cookie(long cookie) {
        return "0x" + Long.toHexString(cookie);
    }

    private <T> void list(String head, List<? extends T> items, Consumer<T> writer) {
        out.append(head).append('[');
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ",");
            writer.accept(items.get(i));
        }
        out.append(']');
    }

    private void text(String name, String value) {
        out.append('"').append(name).append("\":");
        if (value == null) {
            out.append("null");
            return;
        }
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
