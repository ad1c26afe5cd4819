package dev.quorate.core.minbft;

import static dev.quorate.core.minbft.MinSteps.named;
import static dev.quorate.core.minbft.MinSteps.position;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.MinCommit;
import dev.quorate.core.message.MinNewView;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.MinViewChange;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.Stable;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StreamPosition;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.UniqueIdentifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a replica makes of one that has rejoined, and need not be correct. K = 4, L = 8; the REJOIN is executed at 1, so what
 * was said before is void above 17, and votes of the new epoch come after checkpoint 20.
 */
final class RejoinHistoriesTest extends History {
    private static final long LAST_OLD = 17;
    private static final long CHECKPOINT = 20;

    /** Everything up to {@code last} is executed with the votes of the primary, of this replica and of {@code voters}. */
    private static void execute(MinSteps steps, int rejoining, long last, int... voters) {
        for (long at = 1; at <= last; at++) {
            Verified<MinPrepare> prepare = steps.prepare(at, at == 1 ? steps.rejoin(rejoining, 1) : A);
            steps.on(prepare);
            for (int voter : voters) {
                steps.on(steps.commit(voter, prepare));
            }
            if (at % MinSteps.INTERVAL == 0) {
                stabilise(steps, at);
            }
        }
    }

    private static void stabilise(MinSteps steps, long at) {
        List<Checkpoint> own = steps.said(Checkpoint.class);
        StreamPosition[] positions = own.get(own.size() - 1).streams().toArray(StreamPosition[]::new);
        for (int from = 0; from < positions.length; from++) {
            if (from != own.get(0).replica().value() && steps.stable().value() < at) {
                steps.on(steps.checkpoint(from, at, positions));
            }
        }
        assertThat(steps.stable().value()).isEqualTo(at);
    }

    @Test
    @DisplayName(
            "A5 who rejoins without having forgotten anything votes once: not with its old USIG and with its new one")
    void a5VotesOfTwoEpochs() {
        MinSteps steps = steps(5, 2);
        execute(steps, 1, 16, 3);

        Verified<MinPrepare> last = steps.prepare(LAST_OLD, A);
        steps.on(List.of(last, steps.commit(1, last)));
        assertThat(steps.committed(LAST_OLD)).containsExactly(A.digest());

        Verified<MinPrepare> next = steps.prepare(LAST_OLD + 1, A);
        steps.on(List.of(next, steps.commit(1, next)));
        assertThat(steps.committed(LAST_OLD + 1)).isEmpty();
        steps.on(steps.commit(3, next));
        assertThat(steps.committed(LAST_OLD + 1)).containsExactly(A.digest());
    }

    @Test
    @DisplayName("A5 a primary that rejoins without having forgotten anything proposes nothing with its old USIG")
    void a5ProposalsOfTwoEpochs() {
        MinSteps steps = steps(3, 2);
        execute(steps, 0, LAST_OLD);
        int before = steps.said(MinCommit.class).size();
        assertThat(before).isEqualTo((int) LAST_OLD);

        steps.on(steps.prepare(LAST_OLD + 1, A));
        assertThat(steps.said(MinCommit.class)).hasSize(before);
    }

    /** Primary 1, faulty, begins view 1 with a VIEW-CHANGE that 4 said before it forgot that, and proposes B. */
    private static void beginWith(MinSteps steps, Verified<MinViewChange> old, long low) {
        Verified<MinNewView> newView = beginSilently(steps, old, low);
        steps.on(steps.prepare(1, low + 1, B, newView.ui().place()));
        assertThat(steps.view()).isEqualTo(new View(1));
    }

    private static Verified<MinNewView> beginSilently(MinSteps steps, Verified<MinViewChange> old, long low) {
        steps.demand(1, 0, 1, 3);
        Verified<MinViewChange> by1 = steps.viewChange(1, 1);
        Verified<MinViewChange> by3 = steps.viewChange(3, 1);
        Verified<MinNewView> newView = steps.newView(
                1,
                low,
                named(1, by1.ui().place()),
                named(3, by3.ui().place()),
                named(4, old.ui().place()));
        steps.on(List.of(by1, by3, newView, old));
        return newView;
    }

    private static List<MinCommit> commitsOfView1(MinSteps steps) {
        return steps.said(MinCommit.class).stream()
                .filter(commit -> commit.prepare().view().equals(new View(1)))
                .toList();
    }

    @Test
    @DisplayName("A5 a view that began with what a replica left before it forgot that is of no use above the point")
    void a5OldViewChange() {
        MinSteps steps = steps(5, 2);
        Verified<MinViewChange> old = steps.viewChange(4, 1);
        execute(steps, 4, CHECKPOINT, 3);

        beginWith(steps, old, CHECKPOINT);
        assertThat(commitsOfView1(steps)).isEmpty();
        assertThat(steps.said(ReqViewChange.class))
                .extracting(ReqViewChange::view)
                .contains(new View(2));
    }

    @Test
    @DisplayName("A5 a view that is of no use from the beginning is left although its primary proposes nothing")
    void a5ViewThatIsVoidFromTheBeginning() {
        MinSteps steps = steps(5, 2);
        Verified<MinViewChange> old = steps.viewChange(4, 1);
        execute(steps, 4, CHECKPOINT, 3);

        beginSilently(steps, old, CHECKPOINT);
        assertThat(steps.view()).isEqualTo(new View(1));
        assertThat(steps.said(ReqViewChange.class))
                .extracting(ReqViewChange::view)
                .contains(new View(2));
    }

    @Test
    @DisplayName("A5 a new primary does not begin its view with what is void before the window ends")
    void a5APrimaryLeavesOutWhatIsForgotten() {
        MinSteps steps = steps(5, 1);
        Verified<MinViewChange> old = steps.viewChange(4, 1);
        execute(steps, 4, CHECKPOINT - MinSteps.INTERVAL, 3);
        steps.demand(1, 2, 3, 4);
        Verified<MinViewChange> by3 = steps.viewChange(3, 1);
        steps.on(List.of(by3, old));
        assertThat(steps.said(MinNewView.class)).isEmpty();

        Verified<MinViewChange> by2 = steps.viewChange(2, 1);
        steps.on(by2);
        assertThat(steps.said(MinNewView.class).get(0).viewChanges())
                .contains(named(2, by2.ui().place()), named(3, by3.ui().place()))
                .doesNotContain(named(4, old.ui().place()));
    }

    @Test
    @DisplayName("A15 who holds a certificate, but not the state, takes no part in what may rest on a REJOIN before it")
    void a15CertificateWithoutState() {
        MinSteps steps = steps(5, 2);
        Verified<MinViewChange> old = steps.viewChange(4, 1);
        for (long at = 1; at <= MinSteps.INTERVAL; at++) {
            Verified<MinPrepare> prepare = steps.prepare(at, A);
            steps.on(List.of(prepare, steps.commit(3, prepare)));
        }
        // The others have executed the REJOIN of 4 since, at 5 say.
        List<Signed<Checkpoint>> signers = new ArrayList<>();
        StreamPosition[] all = Collections.nCopies(5, StreamPosition.FIRST).toArray(StreamPosition[]::new);
        for (int from : new int[] {0, 1, 3}) {
            signers.add(
                    steps.checkpoint(from, CHECKPOINT + MinSteps.INTERVAL, all).signed());
        }
        steps.on(steps.seal(new Stable(new ReplicaId(0), new StableCertificate(signers))));
        assertThat(steps.stable().value()).isEqualTo(CHECKPOINT + MinSteps.INTERVAL);

        beginWith(steps, old, CHECKPOINT + MinSteps.INTERVAL);
        assertThat(commitsOfView1(steps)).isEmpty();
    }

    @Test
    @DisplayName("A14 what a replica left with its old USIG hides nothing that it left with the new one")
    void a14LeftInTwoEpochs() {
        MinSteps steps = steps(5, 2);
        Verified<MinViewChange> old = steps.viewChange(1, 5);
        Verified<MinViewChange> left = steps.renew(1, 1).viewChange(1, 3);
        Stream stream = new Stream(new ReplicaId(1), rules);
        stream.startFrom(position(UniqueIdentifier.firstPlace(1)), new SequenceNumber(CHECKPOINT));
        // Somebody has named it, and somebody else had it.
        stream.remember(old.ui().place(), old);
        stream.offer(left.ui().place(), left);
        stream.advance();

        assertThat(stream.left()).isEqualTo(new View(3));
        assertThat(stream.positionAfter(new SequenceNumber(CHECKPOINT)).left())
                .contains(new StreamPosition.Left(new View(3), left.ui()));
    }

    /** Replica 1 has rejoined and votes again; this one, 2, has the state at the checkpoint, but it is not stable here yet. */
    private MinSteps rejoined() {
        MinSteps steps = steps(5, 2);
        execute(steps, 1, CHECKPOINT - 1, 3);
        Verified<MinPrepare> last = steps.prepare(CHECKPOINT, A);
        steps.on(List.of(last, steps.commit(3, last), steps.commit(4, last)));
        assertThat(steps.committed(CHECKPOINT)).containsExactly(A.digest());
        return steps.renew(1, 1);
    }

    /** A certificate in which 0, 3 and 4 say this of the stream of replica 1; validated before its new USIG was known. */
    private static void show(MinSteps steps, StreamPosition by0, StreamPosition by3, StreamPosition by4) {
        List<Signed<Checkpoint>> signers = new ArrayList<>();
        Map<Integer, StreamPosition> said = new TreeMap<>(Map.of(0, by0, 3, by3, 4, by4));
        said.forEach((from, position) -> {
            List<Checkpoint> own = steps.said(Checkpoint.class);
            StreamPosition[] positions = own.get(own.size() - 1).streams().toArray(StreamPosition[]::new);
            positions[1] = position;
            signers.add(steps.checkpoint(from, CHECKPOINT, positions).signed());
        });
        Verified<Stable> stable = steps.seal(new Stable(new ReplicaId(0), new StableCertificate(signers)));
        Verified<Stable> unproven = steps.validatedIgnorantly(stable);
        assertThat(unproven.unproven()).isNotEmpty();
        steps.on(unproven);
        assertThat(steps.stable().value()).isEqualTo(CHECKPOINT);
    }

    @Test
    @DisplayName("B8, A14 a stream begins behind a VIEW-CHANGE of a new epoch only once that is proven, and binds")
    void b8ViewChangeOfAnUnknownEpoch() {
        MinSteps steps = rejoined();
        Verified<MinViewChange> left = steps.viewChange(1, 3);
        StreamPosition behind = position(left.ui().place() + 1, left);
        show(steps, behind, behind, behind);

        Verified<MinPrepare> prepare = steps.prepare(CHECKPOINT + 1, A);
        steps.on(List.of(prepare, steps.commit(1, prepare)));
        assertThat(steps.committed(CHECKPOINT + 1)).isEmpty();
        assertThat(steps.handled().get(1)).isLessThan(left.ui().place());

        steps.validateAgain();
        assertThat(steps.handled().get(1)).isEqualTo(left.ui().place() + 1);
        assertThat(steps.committed(CHECKPOINT + 1)).isEmpty();
        steps.on(steps.commit(3, prepare));
        assertThat(steps.committed(CHECKPOINT + 1)).containsExactly(A.digest());
    }

    @Test
    @DisplayName("B8 what a restart would need is kept until it is known where the streams begin")
    void b8NothingIsDiscardedBeforeThat() {
        MinSteps steps = rejoined();
        Verified<MinViewChange> left = steps.viewChange(1, 3);
        StreamPosition behind = position(left.ui().place() + 1, left);
        show(steps, behind, behind, behind);
        assertThat(steps.discarded()).endsWith(CHECKPOINT - MinSteps.INTERVAL);

        steps.validateAgain();
        assertThat(steps.discarded()).endsWith(CHECKPOINT);
    }

    @Test
    @DisplayName("B8 a VIEW-CHANGE that one signer made up neither keeps a stream from beginning nor binds")
    void b8InventedViewChange() {
        MinSteps steps = rejoined();
        long first = steps.viewChange(1, 1).ui().place();
        Bytes nothing = Digest.sha256(Bytes.EMPTY).toBytes();
        StreamPosition.Left invented = new StreamPosition.Left(new View(1000), new UniqueIdentifier(1, 1, nothing));
        show(steps, position(first + 1), position(first + 1), new StreamPosition(first + 1, Optional.of(invented)));
        steps.validateAgain();

        Verified<MinPrepare> prepare = steps.prepare(CHECKPOINT + 1, A);
        steps.on(List.of(prepare, steps.commit(1, prepare)));
        assertThat(steps.committed(CHECKPOINT + 1)).containsExactly(A.digest());
    }
}
