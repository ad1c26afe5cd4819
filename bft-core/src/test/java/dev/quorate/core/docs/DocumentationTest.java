package dev.quorate.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the documentation says about the code is true. */
class DocumentationTest {
    /** Surefire runs in the module's directory. */
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final Pattern ROW = Pattern.compile("^\\| ([A-Z]\\d+) \\| .+ \\| (.*) \\| (.*) \\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");
    /** How many rows each group of the catalogue has. */
    private static final Map<String, Integer> GROUPS = new TreeMap<>(Map.ofEntries(
            Map.entry("N", 12),
            Map.entry("C", 9),
            Map.entry("D", 7),
            Map.entry("P", 12),
            Map.entry("B", 4),
            Map.entry("V", 11),
            Map.entry("G", 5),
            Map.entry("T", 9),
            Map.entry("U", 12),
            Map.entry("R", 4),
            Map.entry("L", 7),
            Map.entry("X", 5),
            Map.entry("K", 2),
            Map.entry("O", 1)));

    @ParameterizedTest
    @EnumSource
    void everyLimitIsDocumentedAsItIs(Limit limit) throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("docs/configuration.md")))
                .contains("| `%s` | %d | %s | %d to %d | %s |"
                        .formatted(
                                limit.configName(),
                                limit.defaultValue(),
                                limit.unit(),
                                limit.min(),
                                limit.max(),
                                limit.meaning()));
    }

    @Test
    void everyScenarioHasARow() throws IOException {
        List<String> expected = new ArrayList<>();
        GROUPS.forEach((group, size) -> IntStream.rangeClosed(1, size).forEach(number -> expected.add(group + number)));

        assertThat(expected).hasSize(100);
        assertThat(scenarios().stream().map(Scenario::id)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void theTestsOfAScenarioExistAndAreNamedAfterIt() throws IOException {
        Map<String, String> sources = testSources();
        for (Scenario scenario : scenarios()) {
            assertThat(scenario.state())
                    .as("state of %s", scenario.id())
                    .isIn("tested", "in part", "not yet", "outside the model");
            Matcher test = TEST.matcher(scenario.tests());
            boolean any = false;
            while (test.find()) {
                any = true;
                assertThat(sources).as("test class of %s", scenario.id()).containsKey(test.group(1));
                assertThat(sources.get(test.group(1)))
                        .as("%s in %s", test.group(2), test.group(1))
                        .contains(" " + test.group(2) + "(");
                assertThat(test.group(2)).matches(scenario.id().toLowerCase(Locale.ROOT) + "[A-Z]\\w*");
            }
            assertThat(any)
                    .as("%s names tests if and only if it is tested", scenario.id())
                    .isEqualTo(List.of("tested", "in part").contains(scenario.state()));
        }
    }

    @Test
    void theTestsOfTheHistoriesExist() throws IOException {
        Map<String, String> sources = testSources();
        Matcher test = TEST.matcher(Files.readString(ROOT.resolve("docs/histories.md")));
        int found = 0;
        while (test.find()) {
            found++;
            assertThat(sources).containsKey(test.group(1));
            assertThat(sources.get(test.group(1))).contains(" " + test.group(2) + "(");
        }
        assertThat(found).isGreaterThan(50);
    }

    private record Scenario(String id, String state, String tests) {}

    private static List<Scenario> scenarios() throws IOException {
        List<Scenario> scenarios = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/scenarios.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                scenarios.add(new Scenario(row.group(1), row.group(2).strip(), row.group(3)));
            }
        }
        return scenarios;
    }

    /** The text of every test class of the project, by the class's simple name. */
    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    for (Path file :
                            files.filter(f -> f.toString().endsWith(".java")).toList()) {
                        String name = file.getFileName().toString();
                        sources.merge(
                                name.substring(0, name.length() - ".java".length()),
                                Files.readString(file),
                                String::concat);
                    }
                }
            }
        }
        return sources;
    }
}
