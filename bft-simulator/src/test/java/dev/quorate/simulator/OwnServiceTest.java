package dev.quorate.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.Operation;
import dev.quorate.core.ReplicatedService;
import dev.quorate.core.SnapshotReader;
import dev.quorate.core.SnapshotWriter;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How somebody simulates their own service. See docs/simulator.md, which quotes this. */
final class OwnServiceTest {
    /** A ticket office: {@code book NAME} takes a seat, {@code list} says who has one. */
    private static final class TicketOffice implements ReplicatedService {
        private final Collection<Guest> guests;

        private TicketOffice(Supplier<Collection<Guest>> collection) {
            guests = collection.get();
        }

        @Override
        public byte[] execute(Operation operation) {
            String[] words = operation.asString().split(" ", -1);
            if (words[0].equals("book")) {
                guests.add(new Guest(words[1] + "-" + guests.size()));
            }
            return names().getBytes(StandardCharsets.UTF_8);
        }

        private String names() {
            List<String> names = new ArrayList<>();
            guests.forEach(guest -> names.add(guest.name));
            return String.join(",", names);
        }

        @Override
        public void snapshot(SnapshotWriter out) throws IOException {
            out.writeUTF(names());
        }

        @Override
        public void restore(SnapshotReader in) throws IOException {
            guests.clear();
            String names = in.readUTF();
            if (!names.isEmpty()) {
                for (String name : names.split(",", -1)) {
                    guests.add(new Guest(name));
                }
            }
        }
    }

    /** It has no hashCode of its own: in a hash set its place depends on its address. */
    private static final class Guest implements Comparable<Guest> {
        private final String name;

        private Guest(String name) {
            this.name = name;
        }

        @Override
        public int compareTo(Guest that) {
            return name.compareTo(that.name);
        }
    }

    private static Bytes operation(Randomness random) {
        String text = random.chance(0.5) ? "list" : "book " + random.pick(List.of("ann", "bob", "eve"));
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @SuppressWarnings("ComparableType") // Guests are told apart by identity on purpose.
    void aDeterministicServiceKeepsEveryInvariant() {
        Simulation simulation = Simulation.of(() -> new TicketOffice(TreeSet::new), OwnServiceTest::operation);

        for (long seed = 0; seed < 10; seed++) {
            simulation.run(seed).requireHolds();
        }
    }

    @Test
    void aServiceThatDependsOnAddressesIsFoundOut() {
        Simulation simulation = Simulation.of(() -> new TicketOffice(HashSet::new), OwnServiceTest::operation);

        Optional<SimulationResult> caught = firstFailure(simulation);

        assertThat(caught).isPresent();
        assertThat(caught.get().report(10)).contains("checkpoint").contains("to repeat it");
    }

    private static Optional<SimulationResult> firstFailure(Simulation simulation) {
        for (long seed = 0; seed < 20; seed++) {
            SimulationResult result = simulation.run(seed);
            if (!result.holds()) {
                return Optional.of(result);
            }
        }
        return Optional.empty();
    }
}
