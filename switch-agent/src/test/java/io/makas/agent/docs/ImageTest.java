// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The image's definition keeps up with the sources: what would else show only in a cluster. */
class ImageTest {

    private static final Pattern REQUIRES = Pattern.compile("requires (?:transitive )?((?:java|jdk)\\.[a-z.]+);");

    private final String containerfile = Repository.read("deploy/image/Containerfile");

    @Test
    void shouldHaveTheJavaModulesThatOursRequire() throws IOException {
        Set<String> linked =
                Set.of(find("ARG JAVA_MODULES=(\\S+)", containerfile).split(","));
        Set<String> required = new TreeSet<>(Set.of("java.base"));
        try (Stream<Path> modules = Files.list(Repository.root())) {
            for (Path module : modules.toList()) {
                Path file = module.resolve("src/main/java/module-info.java");
                if (Files.exists(file)) {
                    REQUIRES.matcher(Files.readString(file)).results().forEach(each -> required.add(each.group(1)));
                }
            }
        }

        assertTrue(linked.containsAll(required), () -> linked + " lacks some of " + required);
    }

    /** Java warns about, or refuses, what these allow. */
    @Test
    void shouldStartJavaAsTheLauncherDoes() {
        List<String> image =
                Repository.read("deploy/image/java.options").lines().toList();

        for (String option : List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")) {
            assertTrue(Repository.read("scripts/common.sh").contains(option), option);
            assertTrue(image.contains(option), option);
        }
    }

    @Test
    void shouldHaveTheSameVersionEverywhere() {
        String chart = Repository.read("helm/makas/Chart.yaml");
        String version = find("<version>([0-9.]+)-SNAPSHOT</version>", Repository.read("pom.xml"));

        assertEquals(version, find("\nversion: (\\S+)", chart));
        assertEquals(version, find("\nappVersion: (\\S+)", chart));
    }

    @Test
    void shouldKeepEverythingThatIsCopiedOutOfTheIgnoreFile() {
        List<String> kept = Repository.read(".dockerignore").lines().toList();
        Matcher copy =
                Pattern.compile("(?m)^COPY (?:--chmod=\\S+ )?(?!--)(\\S+) ").matcher(containerfile);
        int copies = 0;
        while (copy.find()) {
            copies++;
            String path = copy.group(1);
            assertTrue(
                    kept.stream()
                            .anyMatch(line -> line.startsWith("!") && (path + "/").startsWith(line.substring(1) + "/")),
                    path);
        }
        assertEquals(5, copies);
    }

    private static String find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), pattern);
        return matcher.group(1);
    }
}
