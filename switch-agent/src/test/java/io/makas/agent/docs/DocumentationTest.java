// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents name is there: links, paths, file names and classes. They move, and documents are forgotten. */
class DocumentationTest {

    private static final Pattern COMMENT = Pattern.compile("<!--.*?-->", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)[^)]*\\)");
    private static final Pattern CODE = Pattern.compile("```.*?```|`[^`]+`", Pattern.DOTALL);
    private static final Pattern PATH = Pattern.compile("(?:\\./)?[A-Za-z_.][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)*/?");
    private static final Pattern FILE =
            Pattern.compile("[A-Za-z0-9_-]+\\.(?:md|sh|xml|yaml|json|conflist|service|flows|c|proto|java)");
    private static final Pattern CLASS = Pattern.compile("([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)(?:\\..*)?");

    /** Made by a build or a run. */
    private static final Pattern MADE = Pattern.compile("(?:.*/)?target(?:/.*)?|report\\.json");

    /** Look like classes of ours, but are names of others. To be added to. */
    private static final Set<String> OTHERS = Set.of("InternalError", "OpenFlow13", "MemorySegment", "ThreadMXBean");

    private static Set<String> paths;
    private static Set<String> fileNames;

    static Stream<String> documents() throws IOException {
        scan();
        return paths.stream().filter(path -> path.endsWith(".md")).sorted();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldNameOnlyWhatIsThere(String document) throws IOException {
        scan();
        String text = Repository.read(document);
        Path folder = Path.of(document).getParent();

        assertEquals(List.of(), missing(text, folder == null ? Path.of("") : folder));
    }

    @Test
    void shouldFindTheDocuments() throws IOException {
        assertTrue(documents()
                .toList()
                .containsAll(
                        List.of("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "README.md", "SECURITY.md")));
    }

    /** Each row of the index of decisions is a file, and each file has a row. */
    @Test
    void shouldListEveryDecision() throws IOException {
        scan();
        Set<String> listed = new TreeSet<>();
        Matcher link = LINK.matcher(Repository.read("docs/adr/README.md"));
        while (link.find()) {
            listed.add("docs/adr/" + link.group(1));
        }

        Set<String> there = new TreeSet<>(paths);
        there.removeIf(path -> !path.matches("docs/adr/[0-9]{4}-.*\\.md"));
        assertEquals(there, listed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [a](no/where.md)        | no/where.md
            [a](README.md#b)        |
            [a](https://a/b.md)     |
            `flow-tables/nothing`   | flow-tables/nothing
            `flow-tables/`          |
            `./nothing build`       | ./nothing
            `src/main/java`         |
            `Nothing.java`          | Nothing.java
            `NothingThere.here`     | NothingThere
            `Datapath.open`         |
            `target/x/y` `/run/x.c` |
            <!-- `no/where` -->     |
            """)
    void shouldTellWhatIsMissing(String text, String expected) throws IOException {
        scan();

        assertEquals(expected == null ? List.of() : List.of(expected), missing(text, Path.of("")));
    }

    private static List<String> missing(String text, Path folder) {
        String visible = COMMENT.matcher(text).replaceAll("");
        List<String> missing = new ArrayList<>();
        Matcher link = LINK.matcher(visible);
        while (link.find()) {
            String target = link.group(1);
            if (!target.contains(":")
                    && !isThere(folder.resolve(target).normalize().toString())) {
                missing.add(target);
            }
        }
        Matcher code = CODE.matcher(visible);
        while (code.find()) {
            for (String word : code.group().replace("`", "").split("[\\s,;]+")) {
                String name = nameIn(word);
                if (name != null) {
                    missing.add(name);
                }
            }
        }
        return missing;
    }

    /** What a word of code names, if it should be in the repository and is not; else null. */
    private static String nameIn(String word) {
        if (MADE.matcher(word).matches()) {
            return null;
        }
        Matcher type = CLASS.matcher(word);
        if (FILE.matcher(word).matches()) {
            return fileNames.contains(word) ? null : word;
        }
        if (type.matches()) {
            boolean isKnown = fileNames.contains(type.group(1) + ".java") || OTHERS.contains(type.group(1));
            return isKnown ? null : type.group(1);
        }
        if (word.contains("/") && PATH.matcher(word).matches()) {
            return isThere(Path.of(word).normalize().toString()) ? null : word;
        }
        return null;
    }

    /** From the top, or from the top of a module: every module has src/test/java. */
    private static boolean isThere(String path) {
        return paths.contains(path) || paths.stream().anyMatch(each -> each.matches("[^/]+/\\Q" + path + "\\E"));
    }

    private static void scan() throws IOException {
        if (paths != null) {
            return;
        }
        Path root = Repository.root();
        Set<String> found = new HashSet<>();
        Set<String> names = new HashSet<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                if (!folder.equals(root) && (name.equals("target") || name.equals(".git"))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                found.add(root.relativize(folder).toString());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                found.add(root.relativize(file).toString());
                names.add(file.getFileName().toString());
                return FileVisitResult.CONTINUE;
            }
        });
        paths = found;
        fileNames = names;
    }
}
