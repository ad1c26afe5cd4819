package dev.quorate.usig.isolated;

import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.testkit.UsigContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The contract, each USIG in a real process. */
class IsolatedUsigTest extends UsigContract {
    private final Map<Path, UsigProcess> processes = new ConcurrentHashMap<>();

    @Override
    protected UsigProvider provider() {
        return new IsolatedUsigProvider();
    }

    @Override
    protected void start(UsigContext context) throws IOException {
        processes.put(context.directory(), UsigProcess.serve(context.directory()));
    }

    @Override
    protected void stop(UsigContext context) throws InterruptedException {
        UsigProcess process = processes.remove(context.directory());
        if (process != null) {
            process.terminate();
        }
    }

    @Override
    protected UsigContext crash(UsigContext context) throws Exception {
        processes.remove(context.directory()).kill();
        start(context);
        return context;
    }

    @Override
    protected int damagedPlaces() {
        return 4;
    }
}
