package dev.quorate.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class BytesPropertyTest {
    @Property
    void equalContentIsEqual(@ForAll byte[] content) {
        assertThat(Bytes.copyOf(content)).isEqualTo(Bytes.wrap(content)).hasSameHashCodeAs(Bytes.wrap(content));
    }

    @Property
    void differentContentDiffersAndIsOrderedAsUnsigned(@ForAll byte[] left, @ForAll byte[] right) {
        Bytes first = Bytes.copyOf(left);
        Bytes second = Bytes.copyOf(right);

        assertThat(first.equals(second)).isEqualTo(Arrays.equals(left, right));
        assertThat(Integer.signum(first.compareTo(second)))
                .isEqualTo(Integer.signum(Arrays.compareUnsigned(left, right)))
                .isEqualTo(-Integer.signum(second.compareTo(first)));
    }

    @Property
    void hexRoundTrip(@ForAll byte[] content) {
        Bytes bytes = Bytes.copyOf(content);
        assertThat(Bytes.fromHex(bytes.toHex())).isEqualTo(bytes);
        assertThat(bytes.toHex()).hasSize(2 * bytes.length());
    }

    @Property
    void copiesAreIndependent(@ForAll byte[] content) {
        byte[] given = content.clone();
        Bytes bytes = Bytes.copyOf(given);
        Arrays.fill(given, (byte) 0x55);
        Arrays.fill(bytes.toArray(), (byte) 0x55);

        assertThat(bytes.toArray()).isEqualTo(content);
    }

    @Example
    void printsLengthAndBeginning() {
        assertThat(Bytes.EMPTY).hasToString("0 bytes");
        assertThat(Bytes.fromHex("0aff")).hasToString("2 bytes 0aff");
        assertThat(Bytes.wrap(new byte[9])).hasToString("9 bytes 0000000000000000…");
    }

    @Example
    void refusesWhatIsNotHexadecimal() {
        assertThatThrownBy(() -> Bytes.fromHex("0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Bytes.fromHex("0g")).isInstanceOf(IllegalArgumentException.class);
    }
}
