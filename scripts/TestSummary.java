// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Says how the tests went, from the reports that they left: skipped ones with the reason, failed ones by name, and the
 * counts as the very last line. Arguments: the checkout, then the name of each phase that Maven could not finish, and
 * {@code --every-class} when no class may be without a report: one that was killed, because it hung, writes none and is
 * no failure to Maven.
 *
 * <p>Exit status: 0 when all is well; with CI=true a skipped test, or none at all, is not well.
 */
final class TestSummary {
    private int passed;
    private final List<String> failed = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    private TestSummary() {}

    public static void main(String[] args) throws IOException, XMLStreamException {
        TestSummary summary = new TestSummary();
        Path home = Path.of(args[0]);
        List<Path> reports = find(home, ".*/target/surefire-reports/[a-z]+/TEST-.*\\.xml");
        for (Path report : reports) {
            summary.read(report);
        }
        for (int i = 1; i < args.length; i++) {
            if (args[i].equals("--every-class")) {
                summary.missEveryClassWithout(reports, home);
            } else {
                summary.failed.add("the " + args[i] + " phase did not finish; see " + home.resolve("target/test-" + args[i] + ".log"));
            }
        }
        System.exit(summary.print() ? 0 : 1);
    }

    private static List<Path> find(Path home, String pattern) throws IOException {
        try (Stream<Path> files = Files.find(home, 16, (path, attributes) -> path.toString().matches(pattern))) {
            return files.sorted().toList();
        }
    }

    /** Abstract classes have no report: those that extend them do. */
    private void missEveryClassWithout(List<Path> reports, Path home) throws IOException {
        Set<String> reported = new HashSet<>();
        reports.forEach(report -> reported.add(report.getFileName().toString()));
        for (Path source : find(home, ".*/src/test/java/.*Test\\.java")) {
            String type = source.toString().replaceFirst(".*/src/test/java/", "").replace(".java", "").replace('/', '.');
            boolean isAbstract = Files.readString(source).contains("abstract class " + type.substring(type.lastIndexOf('.') + 1) + " ");
            if (!isAbstract && !reported.contains("TEST-" + type + ".xml")) {
                failed.add(type + " did not run to its end; see " + home.resolve("target") + "/test-*.log");
            }
        }
    }

    private void read(Path report) throws IOException, XMLStreamException {
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader xml = XMLInputFactory.newFactory().createXMLStreamReader(in);
            String name = null;
            String outcome = null;
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamReader.START_ELEMENT) {
                    switch (xml.getLocalName()) {
                        case "testcase" -> {
                            name = name(xml);
                            outcome = null;
                        }
                        case "failure", "error", "skipped" -> {
                            outcome = xml.getLocalName();
                            name += reason(xml);
                        }
                        default -> {}
                    }
                } else if (event == XMLStreamReader.END_ELEMENT && xml.getLocalName().equals("testcase")) {
                    count(outcome, name);
                }
            }
        }
    }

    private static String name(XMLStreamReader xml) {
        String test = xml.getAttributeValue(null, "name");
        String type = xml.getAttributeValue(null, "classname");
        return test == null || test.isEmpty() ? type : type + "." + test;
    }

    private static String reason(XMLStreamReader xml) {
        String message = xml.getAttributeValue(null, "message");
        return message == null || message.isBlank() ? "" : ": " + message.lines().findFirst().orElse("");
    }

    private void count(String outcome, String name) {
        if (outcome == null) {
            passed++;
        } else if (outcome.equals("skipped")) {
            skipped.add(name);
        } else {
            failed.add(name);
        }
    }

    private boolean print() {
        skipped.forEach(test -> System.out.println("skipped " + test));
        failed.forEach(test -> System.out.println("FAILED  " + test));
        boolean strict = "true".equals(System.getenv("CI"));
        boolean none = passed + failed.size() == 0;
        if (strict && !skipped.isEmpty()) {
            System.out.println("With CI=true a skipped test counts as a failure of the run.");
        }
        if (none) {
            System.out.println("No test ran.");
        }
        System.out.printf("makas: %d passed, %d failed, %d skipped%n", passed, failed.size(), skipped.size());
        return failed.isEmpty() && !(strict && (none || !skipped.isEmpty()));
    }
}
