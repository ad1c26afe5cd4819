package dev.quorate.usig.testkit;

import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.software.Ed25519UsigProvider;
import java.util.Map;

class Ed25519LogTest extends UsigContract {
    @Override
    protected UsigProvider provider() {
        return new Ed25519UsigProvider();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("counter", "log");
    }
}
