package dev.quorate.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.usig.UsigIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a configuration says about trusted counters, and what is wrong with it. */
class UsigYamlTest {
    private static final ClusterConfig PBFT =
            TestCluster.of(Protocol.PBFT, 4, 2, Limits.defaults()).config();
    private static final ClusterConfig MINBFT = minbft(Map.of("counter", "synced"));
    private static final String GOOD = MINBFT.toYaml();

    @Test
    void whatIsWrittenReadsAsTheSame() {
        assertThat(parse(GOOD)).isEqualTo(MINBFT);
        assertThat(parse(GOOD).usig().orElseThrow().identity(new ReplicaId(2))).isEqualTo(identity("card", 0, 2));
    }

    @Test
    void noProviderOfThatNameIsNeededToReadIt() {
        assertThat(parse(GOOD).usig().orElseThrow().provider()).isEqualTo("card");
    }

    @Test
    void settingsOfAnyTextSurviveTheRoundTrip() {
        ClusterConfig odd = minbft(Map.of("socket", "/run/a \"b\"\\c: # {d}\n\té", "yes", "no", "1", "0x10", "", ""));
        assertThat(parse(odd.toYaml())).isEqualTo(odd);
        assertThat(parse(GOOD.replaceAll("usigSettings:\n.*\n", ""))).isEqualTo(minbft(Map.of()));
        assertThat(parse(minbft(Map.of()).toYaml())).isEqualTo(minbft(Map.of()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            no provider              | usig: "card"           | none                    | usig is missing, minbft, ed25519
            provider as a list       | usig: "card"           | usig: [card]            | usig is missing, minbft
            another provider         | usig: "card"           | usig: "tpm"             | usig, replica 0, 'card', 'tpm'
            a setting as a number    | "counter": "synced"    | counter: 7              | usigSettings, 'counter', quotes
            a setting left empty     | "counter": "synced"    | counter:                | usigSettings, 'counter', quotes
            an identity missing      | usig: "0463617264      | # "                     | replicas[0], usig is missing, minbft
            an identity not in hex   | usig: "0463617264      | usig: "xy               | replicas[0], usig, hexadecimal
            an identity cut off      | usig: "0463617264      | usig: "ff63617264       | replicas[0], usig, cut off
            an identity with a rest  | usig: "0463617264      | usig: "0063617264       | replicas[0], usig, name
            """)
    void aMistakeIsNamed(String what, String before, String after, String expected) {
        String broken = GOOD.replace(before, after == null ? "" : after);
        assertThat(broken).as("the mistake is in the file").isNotEqualTo(GOOD);
        assertRefused(broken, what, expected.split(", ?"));
    }

    @Test
    void settingsAreAMap() {
        String broken = GOOD.replace("usigSettings:\n  \"counter\": \"synced\"", "usigSettings: synced");
        assertRefused(broken, "a text", "usigSettings", "map");
    }

    @Test
    void aUsigBelongsToOneReplicaAndBeginsWithEpoch0() {
        String first = identity("card", 0, 0).encode().toHex();
        String second = identity("card", 0, 1).encode().toHex();
        String renewed = identity("card", 1, 1).encode().toHex();

        assertRefused(GOOD.replace(second, first), "shared", "replica 1", "same USIG");
        assertRefused(GOOD.replace(second, renewed), "renewed", "replica 1", "epoch 1");
        assertRefused(GOOD.replace(second, second + "00"), "a byte too many", "replicas[1]", "1 bytes too many");
    }

    @Test
    void pbftHasNoUseForAUsig() {
        String yaml = PBFT.toYaml();
        assertRefused(yaml.replace("protocol: pbft", "protocol: pbft\nusig: card"), "provider", "pbft", "usig");
        assertRefused(yaml.replace("protocol: pbft", "protocol: pbft\nusigSettings: {}"), "settings", "pbft", "usig");
        assertRefused(yaml.replaceFirst("- id: 1", "- id: 1\n    usig: \"00\""), "identity", "pbft", "usig");
        assertThatThrownBy(() -> with(PBFT, Protocol.PBFT, MINBFT.usig().orElseThrow()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pbft");
    }

    @Test
    void eachReplicaHasOne() {
        UsigConfig three = new UsigConfig(
                "card", Map.of(), MINBFT.usig().orElseThrow().identities().subList(0, 3));
        assertThatThrownBy(() -> with(PBFT, Protocol.MINBFT, three))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("4 replicas", "3 USIGs");
    }

    @Test
    void otherLimitsLeaveTheRestAsItIs() {
        ClusterConfig changed = MINBFT.withLimits(Limits.defaults().with(Limit.WINDOW, 512));
        assertThat(changed.limits().get(Limit.WINDOW)).isEqualTo(512);
        assertThat(changed.withLimits(MINBFT.limits())).isEqualTo(MINBFT);
    }

    private static void assertRefused(String yaml, String what, String... parts) {
        assertThatThrownBy(() -> parse(yaml))
                .as(what)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cluster.yaml")
                .hasMessageContainingAll(parts);
    }

    private static ClusterConfig minbft(Map<String, String> settings) {
        List<UsigIdentity> identities = new ArrayList<>();
        for (int id = 0; id < PBFT.n(); id++) {
            identities.add(identity("card", 0, id));
        }
        return with(PBFT, Protocol.MINBFT, new UsigConfig("card", settings, identities));
    }

    private static ClusterConfig with(ClusterConfig base, Protocol protocol, UsigConfig usig) {
        return new ClusterConfig(
                base.clusterId(),
                protocol,
                SignatureScheme.DEFAULT,
                base.replicas(),
                base.clients(),
                base.limits(),
                true,
                Optional.of(usig));
    }

    private static UsigIdentity identity(String provider, long epoch, int key) {
        return new UsigIdentity(provider, epoch, Bytes.copyOf(new byte[] {7, (byte) key}), Bytes.EMPTY);
    }

    private static ClusterConfig parse(String text) {
        return ClusterConfigYaml.parse(text, "cluster.yaml");
    }
}
