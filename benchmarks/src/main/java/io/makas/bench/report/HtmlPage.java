// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A page of headings, paragraphs, tables and charts, in one file. For one thread. */
public final class HtmlPage {

    private static final String STYLE =
            "body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222}"
                    + "table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #ccc;padding:.3em .7em;text-align:right}"
                    + "td:first-child,th:first-child{text-align:left}svg{max-width:100%;height:auto}";

    private final String title;
    private final StringBuilder body = new StringBuilder();

    /** Begins a page. */
    public HtmlPage(String title) {
        this.title = title;
        heading(1, title);
    }

    /** Appends a heading of a level, from 1. */
    public HtmlPage heading(int level, String text) {
        body.append("<h%d>%s</h%d>%n".formatted(level, escaped(text), level));
        return this;
    }

    /** Appends a paragraph. */
    public HtmlPage paragraph(String text) {
        body.append("<p>").append(escaped(text)).append("</p>\n");
        return this;
    }

    /** Appends a chart. */
    public HtmlPage chart(LineChart chart) {
        body.append(chart.svg());
        return this;
    }

    /** Appends a table. */
    public HtmlPage table(List<String> heads, List<List<String>> rows) {
        body.append("<table>\n");
        row("th", heads);
        rows.forEach(row -> row("td", row));
        body.append("</table>\n");
        return this;
    }

    /** Writes it to a file. */
    public void write(Path file) throws IOException {
        Files.writeString(
                file,
                "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(title)
                        + "</title>\n<style>" + STYLE + "</style></head>\n<body>\n" + body + "</body></html>\n");
    }

    private void row(String cell, List<String> texts) {
        body.append("<tr>");
        texts.forEach(text -> body.append("<%s>%s</%s>".formatted(cell, escaped(text), cell)));
        body.append("</tr>\n");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
