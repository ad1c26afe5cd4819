package dev.quorate.usig.testkit;

import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.software.HmacUsigProvider;
import java.util.Map;

class HmacVolatileTest extends UsigContract {
    @Override
    protected UsigProvider provider() {
        return new HmacUsigProvider();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("counter", "volatile");
    }
}
