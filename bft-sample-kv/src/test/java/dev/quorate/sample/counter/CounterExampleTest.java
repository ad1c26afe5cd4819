package dev.quorate.sample.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.sample.kv.cli.FreePorts;
import org.junit.jupiter.api.Test;

class CounterExampleTest {
    @Test
    void theExampleOfTheReadmeCounts() throws Exception {
        assertThat(CounterExample.run(FreePorts.find(4))).isEqualTo(6);
    }
}
