package dev.quorate.simulator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.ReplicaId;
import dev.quorate.crypto.Digest;
import dev.quorate.simulator.trace.TraceEvent.MessageStep;
import dev.quorate.simulator.trace.TraceEvent.NodeStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class HtmlTraceTest {
    private static final TraceNode CLIENT = TraceNode.of(new ClientId(7));
    private static final TraceNode R0 = TraceNode.of(new ReplicaId(0));
    private static final String HOSTILE =
            "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> \" ' \\ & \u2028 \u2029 \u0000 \ud800 {{data}}";

    private static Trace trace(TraceEvent... events) {
        return new Trace("title", Map.of(), new TreeSet<>(List.of(CLIENT, R0)), List.of(events), 0);
    }

    private static String page(Trace trace) throws IOException {
        StringBuilder page = new StringBuilder();
        HtmlTrace.write(trace, page);
        return page.toString();
    }

    private static List<String> contentsOf(String page, String element) {
        return Pattern.compile("<" + element + "( [^>]*)?>(.*?)</" + element + ">", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(result -> result.group(2))
                .toList();
    }

    /** JSON is a part of YAML 1.2. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> data(String page) {
        LoadSettings settings =
                LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
        return (Map<String, Object>)
                new Load(settings).loadFromString(contentsOf(page, "script").get(0));
    }

    private static TraceEvent.OfMessage message(long at, MessageStep step, long id, String description) {
        return new TraceEvent.OfMessage(
                at,
                step,
                new TraceMessage(id, CLIENT, R0, "REQUEST", OptionalLong.empty(), OptionalLong.of(id), description));
    }

    @Test
    void hostileTextsStayData() throws IOException {
        TraceEvent.OfNode violation =
                TraceEvent.OfNode.of(5, R0, NodeStep.VIOLATION, HOSTILE).about(HOSTILE);
        Trace hostile = new Trace(
                HOSTILE,
                Map.of(HOSTILE, HOSTILE),
                new TreeSet<>(List.of(CLIENT, R0)),
                List.of(message(1, MessageStep.SENT, 1, HOSTILE), violation),
                0);
        String page = page(hostile);
        String harmless = page(trace());
        // The elements of the page are the same, whatever the trace holds.
        for (String element : List.of("<script", "</script", "<img", "<!--", "<meta")) {
            assertThat(page.split(element, -1)).as(element).hasSameSizeAs(harmless.split(element, -1));
        }
        assertThat(data(page)).containsEntry("title", HOSTILE);
        assertThat(page).doesNotContain("\u2028", "\u2029", "\u0000", "\ud800");
    }

    @Test
    void pageNeedsNothingFromOutside() throws IOException {
        String page = page(SampleTrace.of(1, 500));
        assertThat(page).doesNotContainPattern("(?i)https?://|\\bsrc=|\\bhref=|@import|url\\(|\\bfetch\\(|import\\(");
        assertThat(page).contains("default-src 'none'");
    }

    @Test
    void policyAllowsThePagesOwnScriptAndStyleOnly() throws IOException {
        String page = page(SampleTrace.of(1, 500));
        List<String> hashes = Pattern.compile("'sha256-([^']+)'")
                .matcher(page)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
        assertThat(hashes)
                .containsExactly(
                        hash(contentsOf(page, "script").get(1)),
                        hash(contentsOf(page, "style").get(0)));
        assertThat(page).doesNotContain("unsafe-inline", "{{");
    }

    private static String hash(String content) {
        byte[] digest = Digest.sha256(content.getBytes(StandardCharsets.UTF_8)).toArray();
        return Base64.getEncoder().encodeToString(digest);
    }

    @Test
    void scriptsNeverMakeMarkupOfTexts() throws IOException {
        assertThat(contentsOf(page(trace()), "script").get(1))
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }

    @Test
    void sendingAndArrivalBecomeOneArrow() throws IOException {
        Map<String, Object> data = data(page(trace(
                message(10, MessageStep.SENT, 1, "a"),
                message(20, MessageStep.SENT, 2, "b"),
                message(30, MessageStep.DELIVERED, 1, "a"),
                message(40, MessageStep.DROPPED, 2, "b"),
                message(50, MessageStep.DELIVERED, 1, "a"),
                message(60, MessageStep.SENT, 3, "c"),
                message(70, MessageStep.DELIVERED, 4, "d"))));
        Map<?, ?> arrows = (Map<?, ?>) data.get("arrows");
        assertThat(arrows.get("sent")).isEqualTo(List.of(10, 20, 10, -1, 60));
        assertThat(arrows.get("end")).isEqualTo(List.of(30, 40, 50, 70, -1));
        assertThat(arrows.get("sentIndex")).isEqualTo(List.of(0, 1, -1, -1, 5));
        assertThat(arrows.get("endIndex")).isEqualTo(List.of(2, 3, 4, 6, -1));
        assertThat(arrows.get("seq")).isEqualTo(List.of(1, 2, 1, 4, 3));
        assertThat(texts(data, "arrows", "outcome"))
                .containsExactly("DELIVERED", "DROPPED", "DELIVERED", "DELIVERED", "UNDER_WAY");
        assertThat(texts(data, "arrows", "text")).containsExactly("a", "b", "a", "d", "c");
    }

    @Test
    void everythingElseBecomesAMark() throws IOException {
        Map<String, Object> data = data(page(trace(
                TraceEvent.OfNode.of(3, CLIENT, NodeStep.INVOKED, "put x").about("ticket 1"),
                TraceEvent.OfNode.of(4, R0, NodeStep.CRASHED, ""))));
        assertThat(data.get("nodes")).isEqualTo(List.of(List.of("CLIENT", 7), List.of("REPLICA", 0)));
        assertThat(((Map<?, ?>) data.get("marks")).get("node")).isEqualTo(List.of(0, 1));
        assertThat(texts(data, "marks", "step")).containsExactly("INVOKED", "CRASHED");
        assertThat(texts(data, "marks", "subject")).containsExactly("ticket 1", "");
    }

    private static List<String> texts(Map<String, Object> data, String table, String column) {
        List<?> texts = (List<?>) data.get("texts");
        List<?> numbers = (List<?>) ((Map<?, ?>) data.get(table)).get(column);
        return numbers.stream().map(n -> (String) texts.get((Integer) n)).toList();
    }

    @Test
    void pageIsWrittenAsUtf8AndReplacesWhatWasThere(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("trace.html");
        Files.writeString(file, "x".repeat(1_000_000));
        HtmlTrace.write(trace(TraceEvent.OfNode.of(1, R0, NodeStep.NOTE, "größer")), file);
        assertThat(Files.readString(file))
                .startsWith("<!DOCTYPE html>")
                .contains("größer")
                .endsWith("</html>\n");
    }

    @Test
    void repeatedTextsAreWrittenOnce() throws IOException {
        String page = page(SampleTrace.of(1, 5_000));
        assertThat(page.length()).isLessThan(100 * 5_000);
        assertThat(data(page).get("texts"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .doesNotHaveDuplicates();
    }
}
