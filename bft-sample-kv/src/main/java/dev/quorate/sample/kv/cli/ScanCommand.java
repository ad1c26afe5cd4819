package dev.quorate.sample.kv.cli;

import dev.quorate.crypto.Bytes;
import dev.quorate.sample.kv.KvResult.Page;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kv scan}. */
@Command(
        name = "scan",
        description = {
            "List keys and values in the order of the keys: one a line, with a tab between key and value.",
            "Bytes that are not printable text are shown as \\xNN; --hex shows all in hexadecimal digits."
        })
final class ScanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ClientOptions client;

    @Parameters(index = "1", arity = "0..1", paramLabel = "FROM", description = "The first key (default: the first).")
    private String from;

    @Parameters(index = "2", arity = "0..1", paramLabel = "TO", description = "Stop before this key (default: never).")
    private String to;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "List at most so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws Exception {
        Bytes first = from == null ? Bytes.EMPTY : client.parse(from);
        Optional<Bytes> end = Optional.ofNullable(to).map(client::parse);
        Page page = client.call(kv -> kv.scan(first, end, limit));
        PrintWriter out = spec.commandLine().getOut();
        page.entries().forEach(entry -> out.println(client.show(entry.key()) + "\t" + client.show(entry.value())));
        if (page.more()) {
            spec.commandLine()
                    .getErr()
                    .println("kv: there is more after these " + page.entries().size());
        }
        return 0;
    }
}
