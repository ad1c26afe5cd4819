package dev.quorate.usig.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the guide to custom USIGs shows is compiled and tested here, in the package {@code com.example.card}. */
class GuideTest {
    private static final Path GUIDE = Path.of("").toAbsolutePath().getParent().resolve("docs/guides/custom-usig.md");
    private static final Path SOURCES = Path.of("src/test/java/com/example/card");

    @Test
    void everyClassOfTheGuideIsTheOneThatPassesTheContract() throws Exception {
        List<String> shown = blocks("java");
        List<String> real = new ArrayList<>();
        for (String name : List.of("CardUsig", "CardUsigProvider", "CardUsigTest")) {
            real.add(Files.readString(SOURCES.resolve(name + ".java")));
        }
        assertThat(shown).isEqualTo(real);
    }

    @Test
    void theRegistrationInTheGuideIsTheOneThatIsFound() throws Exception {
        assertThat(blocks("text")).hasSize(1);
        assertThat(Files.readAllLines(Path.of("src/test/resources/META-INF/services/dev.quorate.usig.UsigProvider")))
                .contains(blocks("text").get(0).strip());
    }

    @Test
    void theModulesInTheGuideExist() throws Exception {
        Matcher artifact =
                Pattern.compile("<artifactId>(bft-[a-z-]+)</artifactId>").matcher(Files.readString(GUIDE));
        int found = 0;
        while (artifact.find()) {
            assertThat(GUIDE.resolve("../../..").resolve(artifact.group(1)).normalize())
                    .isDirectory();
            found++;
        }
        assertThat(found).isEqualTo(2);
    }

    private static List<String> blocks(String language) throws Exception {
        Matcher block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
        List<String> blocks = new ArrayList<>();
        while (block.find()) {
            blocks.add(block.group(1));
        }
        return blocks;
    }
}
