package dev.quorate.core.pbft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.core.ClientId;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.ReplicaId;
import dev.quorate.core.SequenceNumber;
import dev.quorate.core.TestCluster;
import dev.quorate.core.View;
import dev.quorate.core.message.Checkpoint;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Read;
import dev.quorate.core.message.Rejoin;
import dev.quorate.core.message.ReqViewChange;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.message.Signed;
import dev.quorate.core.message.StableCertificate;
import dev.quorate.core.message.StatePart;
import dev.quorate.core.message.ViewChange;
import dev.quorate.core.smr.Notice;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A replica that restarts goes on as itself, or rejoins if it has forgotten what it said. K = 4, L = 8. */
class RestartTest {
    private final TestCluster keys = TestCluster.of(
            Protocol.PBFT,
            4,
            4,
            Limits.defaults().with(Limit.CHECKPOINT_INTERVAL, 4).with(Limit.WINDOW, 8),
            true);
    private final LoopbackCluster cluster = new LoopbackCluster(keys);
    private int requests;

    private void execute(int times) {
        for (int i = 0; i < times; i++) {
            cluster.request(0, "op" + requests++, 0, 1, 2, 3);
            cluster.run();
        }
    }

    private final Verified<Read> read =
            keys.clientSealer(1).seal(new Read(new RequestId(new ClientId(1), 1, 1), Steps.bytes("get")));

    private void restartAll() {
        for (int replica = 0; replica < 4; replica++) {
            cluster.restart(replica);
        }
        cluster.tick(3);
    }

    // --- with its memory

    @Test
    @DisplayName("C2 all restart at once: everything that was executed is there, and they go on")
    void c2AllRestartAtOnce() {
        for (int done = 0; done < 21; done++) {
            execute(1);
            restartAll();
            for (int replica = 0; replica < 4; replica++) {
                assertThat(cluster.executed(replica)).hasSize(done + 1).isEqualTo(cluster.executed(0));
            }
        }
    }

    @Test
    @DisplayName(
            "C2 all restart beyond the stable checkpoint: whoever lags gets the stable state from them nevertheless")
    void c2TheStableStateIsThereForOthersAfterARestart() {
        cluster.cutOff(3);
        cluster.lose((from, to, message) ->
                message instanceof Checkpoint vote && vote.sequenceNumber().equals(new SequenceNumber(12)));
        execute(14);
        assertThat(cluster.stable(0)).isEqualTo(new SequenceNumber(8));
        restartAll();
        cluster.lose((from, to, message) -> false);
        cluster.cutOff(2);
        cluster.heal(3);
        cluster.tick(20);
        assertThat(cluster.executed(3)).hasSize(14).isEqualTo(cluster.executed(0));
        assertThat(cluster.stable(3)).isEqualTo(new SequenceNumber(12));
    }

    @Test
    @DisplayName("C4 a replica that voted for a batch before it restarted votes for no other one there")
    void c4NoVoteContradictsOneFromBeforeTheRestart() {
        cluster.lose((from, to, message) -> message.type() == MessageType.PREPARE);
        execute(1);
        cluster.restart(2);
        cluster.takeSent();
        Verified<PrePrepare> other = keys.replicaSealer(0)
                .seal(new PrePrepare(
                        new ReplicaId(0),
                        View.ZERO,
                        new SequenceNumber(1),
                        Batches.nullBatch().digest(),
                        Optional.of(Batches.nullBatch())));
        cluster.deliver(2, other);
        assertThat(cluster.notices(Notice.Equivocation.class)).hasSize(1);
        assertThat(cluster.takeSent()).doesNotContain(new ReplicaId(2) + " PREPARE");
    }

    @Test
    @DisplayName("C3 a crash between keeping a state and vouching for it: the replica vouches for it when it is back")
    void c3AStateIsVouchedForAfterTheRestart() {
        cluster.cutOff(3);
        cluster.lose((from, to, message) -> message.type() == MessageType.CHECKPOINT);
        execute(4);
        cluster.lose((from, to, message) -> false);
        cluster.loseLastRecords(0, MessageType.CHECKPOINT, 1);
        cluster.restart(0);
        cluster.tick(25);
        for (int replica = 0; replica < 3; replica++) {
            assertThat(cluster.stable(replica)).isEqualTo(new SequenceNumber(4));
        }
    }

    @Test
    @DisplayName("D2 PREPAREs of which a crash left some are no certificate: no COMMIT rests on them")
    void d2PartOfACertificateIsNone() {
        cluster.lose((from, to, message) -> message.type() == MessageType.COMMIT);
        execute(1);
        cluster.loseLastRecords(3, MessageType.PREPARE, 1);
        AtomicInteger commits = new AtomicInteger();
        cluster.lose((from, to, message) -> {
            if (from == 3 && message.type() == MessageType.COMMIT) {
                commits.incrementAndGet();
            }
            return to == 3 && message.type() == MessageType.PREPARE;
        });
        cluster.restart(3);
        cluster.tick(3);
        assertThat(commits).hasValue(0);
        cluster.lose((from, to, message) -> false);
        cluster.tick(3);
        assertThat(cluster.executed(3)).containsExactly("op0");
    }

    @Test
    @DisplayName(
            "D2 a null batch that a NEW-VIEW proposes and that was not voted for before a crash is kept before it is")
    void d2ProposalOfTheNewViewAlone() {
        cluster.lose((from, to, message) -> message instanceof PrePrepare proposal
                && proposal.sequenceNumber().equals(new SequenceNumber(1)));
        execute(2);
        cluster.lose((from, to, message) -> message.type() == MessageType.COMMIT);
        cluster.disconnect(0);
        cluster.tick(1);
        assertThat(cluster.status(3).view()).isEqualTo(new View(1));
        cluster.loseLastRecords(3, MessageType.PREPARE, 100);
        cluster.loseLastRecords(3, MessageType.PRE_PREPARE, 100);
        cluster.restart(3);
        cluster.tick(5);
        // Now it has prepared, and said so. That is still so after another restart.
        cluster.restart(3);
        List<Long> prepared = new ArrayList<>();
        cluster.lose((from, to, message) -> {
            if (to == 2 && from == 3 && message instanceof ViewChange left) {
                left.prepared().forEach(p -> prepared.add(p.sequenceNumber().value()));
            }
            return false;
        });
        cluster.disconnect(1);
        cluster.tick(5);
        assertThat(prepared).contains(1L);
    }

    @Test
    @DisplayName("A7 what prepared before all restarted is found by the next view")
    void a7WhatPreparedSurvivesInTheNextView() {
        cluster.lose((from, to, message) -> message.type() == MessageType.COMMIT);
        execute(1);
        assertThat(cluster.executed(1)).isEmpty();
        cluster.lose((from, to, message) -> false);
        cluster.disconnect(0);
        for (int replica = 1; replica < 4; replica++) {
            cluster.restart(replica);
        }
        for (int replica = 1; replica < 4; replica++) {
            cluster.deliverDisconnect(replica, 0);
        }
        cluster.tick(5);
        for (int replica = 1; replica < 4; replica++) {
            assertThat(cluster.status(replica).view()).isEqualTo(new View(1));
            assertThat(cluster.executed(replica)).containsExactly("op0");
        }
    }

    @Test
    @DisplayName("C5 a replica that restarts in the middle of a view change is in the right view, again and again")
    void c5RestartInTheMiddleOfAViewChange() {
        execute(3);
        cluster.disconnect(0);
        for (int round = 0; round < 5; round++) {
            for (int replica = 1; replica < 4; replica++) {
                View before = cluster.status(replica).view();
                cluster.restart(replica);
                assertThat(cluster.status(replica).view()).isEqualTo(before);
            }
        }
        for (int replica = 1; replica < 4; replica++) {
            cluster.deliverDisconnect(replica, 0);
        }
        cluster.tick(8);
        cluster.request(1, "after", 1, 2, 3);
        cluster.tick(3);
        for (int replica = 1; replica < 4; replica++) {
            assertThat(cluster.executed(replica)).containsExactly("op0", "op1", "op2", "after");
            cluster.restart(replica);
            assertThat(cluster.status(replica).view()).isEqualTo(new View(1));
        }
    }

    @Test
    @DisplayName("A17, L5 a replica that restarts answers no fast read before it is where it may have been")
    void l5AFastReadAfterARestart() {
        execute(3);
        cluster.restart(3);
        cluster.tick(3);
        for (int at = 3; at < 8; at++) {
            assertThat(cluster.status(3).executed()).isEqualTo(new SequenceNumber(at));
            cluster.deliver(3, read);
            assertThat(cluster.reads()).isEmpty();
            execute(1);
        }
        cluster.deliver(3, read);
        assertThat(cluster.reads()).containsExactly(3);
    }

    @Test
    @DisplayName("A17, L5 who had diverged goes back, and answers fast reads only beyond all that it has acknowledged")
    void l5AFastReadAfterAWrongStateWasReplaced() {
        execute(3);
        cluster.executed(3).set(0, "wrong");
        execute(1);
        cluster.tick(15);
        assertThat(cluster.executed(3)).isEqualTo(cluster.executed(0)).hasSize(4);
        for (int at = 4; at < 12; at++) {
            cluster.deliver(3, read);
            assertThat(cluster.reads()).isEmpty();
            execute(1);
        }
        cluster.deliver(3, read);
        assertThat(cluster.reads()).containsExactly(3);
    }

    @Test
    @DisplayName("A17, L5 a replica that starts for the first time has acknowledged nothing")
    void l5AFastReadAfterTheFirstStart() {
        cluster.startFirst(3);
        cluster.deliver(3, read);
        assertThat(cluster.reads()).containsExactly(3);
    }

    // --- without

    @Test
    @DisplayName("C6 a replica without its disk says nothing until it may, and then counts again")
    void c6AReplicaWithoutItsDiskRejoins() {
        execute(11);
        cluster.restartAmnesic(3);
        cluster.takeSent();
        cluster.tick(1);
        assertThat(cluster.takeSent().stream().filter(said -> said.startsWith(new ReplicaId(3) + " ")))
                .containsExactly(new ReplicaId(3) + " REJOIN");
        cluster.tick(20);
        assertThat(cluster.notices(Notice.RejoinExecuted.class)).isNotEmpty();
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        cluster.cutOff(2);
        execute(5);
        assertThat(cluster.executed(3)).hasSize(16).isEqualTo(cluster.executed(0));
    }

    @Test
    @DisplayName("C6 a replica that loses its disk while it rejoins begins that anew")
    void c6ASecondLossWhileRejoining() {
        execute(11);
        cluster.lose((from, to, message) -> message.type() == MessageType.CHECKPOINT);
        cluster.restartAmnesic(3);
        cluster.tick(3);
        assertThat(cluster.notices(Notice.RejoinExecuted.class)).isNotEmpty();
        cluster.restartAmnesic(3);
        cluster.lose((from, to, message) -> false);
        cluster.tick(40);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        cluster.cutOff(2);
        execute(1);
        assertThat(cluster.executed(3)).hasSize(12);
    }

    @Test
    @DisplayName("C6, A17 a replica has rejoined once it has the state from which on it votes, not once that is stable")
    void c6RejoiningEndsWithTheState() {
        execute(11);
        SequenceNumber late = new SequenceNumber(20);
        cluster.lose((from, to, message) -> isOfLateState(message, late) || (to == 3 && isOrdering(message)));
        cluster.restartAmnesic(3);
        cluster.tick(20);
        assertThat(cluster.status(3).executed()).isEqualTo(new SequenceNumber(16));

        // The checkpoint from which on it votes is stable, but its state does not come.
        cluster.lose((from, to, message) -> to == 3
                && (isOrdering(message) || (message.type() == MessageType.STATE_PART && isOfLateState(message, late))));
        cluster.tick(20);
        assertThat(cluster.stable(3)).isGreaterThanOrEqualTo(late);
        assertThat(cluster.status(3).executed()).isEqualTo(new SequenceNumber(16));
        assertThat(cluster.notices(Notice.Rejoined.class)).isEmpty();

        cluster.lose((from, to, message) -> false);
        cluster.tick(20);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        assertThat(cluster.status(3).executed()).isGreaterThanOrEqualTo(late);
    }

    /** What brings a replica further by one position at a time. */
    private static boolean isOrdering(Message message) {
        return switch (message.type()) {
            case PRE_PREPARE, PREPARE, COMMIT, COMMITTED, BATCH_BODY -> true;
            default -> false;
        };
    }

    private static boolean isOfLateState(Message message, SequenceNumber from) {
        return (message instanceof Checkpoint said && said.sequenceNumber().compareTo(from) >= 0)
                || (message instanceof StatePart part && part.sequenceNumber().compareTo(from) >= 0);
    }

    @Test
    @DisplayName("C6 the primary without its disk does not propose: the others go on without it")
    void c6ThePrimaryWithoutItsDisk() {
        execute(5);
        cluster.restartAmnesic(0);
        for (int replica = 1; replica < 4; replica++) {
            cluster.deliverDisconnect(replica, 0);
        }
        cluster.tick(60);
        execute(1);
        cluster.tick(3);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        assertThat(cluster.executed(0)).hasSize(6).isEqualTo(cluster.executed(1));
    }

    @Test
    @DisplayName("C7 with more than f replicas without memory nothing goes on, and they say so")
    void c7TooManyWithoutMemory() {
        execute(5);
        cluster.restartAmnesic(2);
        cluster.restartAmnesic(3);
        cluster.tick(30);
        cluster.request(0, "more", 0, 1, 2, 3);
        cluster.tick(30);
        assertThat(cluster.executed(0)).hasSize(5);
        assertThat(cluster.notices(Notice.Rejoined.class)).isEmpty();
        assertThat(cluster.notices(Notice.TooManyRejoin.class)).isNotEmpty();
    }

    @Test
    @DisplayName("A5 a VIEW-CHANGE from before its sender forgot everything is void")
    void a5AnOldViewChangeIsVoid() {
        execute(3);
        // Said by replica 3, and kept back by somebody.
        Verified<ViewChange> old = keys.replicaSealer(3)
                .seal(new ViewChange(new ReplicaId(3), new View(1), StableCertificate.INITIAL, List.of()));
        cluster.restartAmnesic(3);
        cluster.tick(40);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        cluster.deliver(1, old);
        cluster.cutOff(0);
        cluster.cutOff(3);
        for (int replica = 1; replica < 3; replica++) {
            cluster.deliverDisconnect(replica, 0);
        }
        cluster.tick(5);
        // Without it, there is no quorum of VIEW-CHANGEs.
        assertThat(cluster.notices(Notice.ViewEntered.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    @DisplayName("A5 a VIEW-CHANGE from before its sender forgot everything does not stand in the way of its next one")
    void a5AnOldViewChangeDoesNotKeepANewOneFromCounting(int left) {
        execute(6);
        // Two wish for another view, and only replica 3 hears of it: it leaves alone.
        for (int replica = 0; replica < 2; replica++) {
            cluster.deliver(
                    3, keys.replicaSealer(replica).seal(new ReqViewChange(new ReplicaId(replica), new View(left))));
        }
        cluster.run();
        assertThat(cluster.status(3).view()).isEqualTo(new View(left));
        cluster.restartAmnesic(3);
        cluster.tick(40);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        // Without the primary, the others need it.
        cluster.disconnect(0);
        cluster.request(1, "after", 1, 2, 3);
        cluster.tick(2);
        for (int replica = 1; replica < 4; replica++) {
            assertThat(cluster.status(replica).view()).isEqualTo(new View(1));
            assertThat(cluster.executed(replica)).hasSize(7).endsWith("after");
        }
        assertThat(cluster.notices(Notice.Equivocation.class)).isEmpty();
    }

    @Test
    @DisplayName("A5 a VIEW-CHANGE from before its sender forgot everything does not take the place of its next one")
    void a5AnOldViewChangeDoesNotReplaceANewOne() {
        execute(3);
        Verified<ViewChange> old = viewChange(StableCertificate.INITIAL, 5);
        cluster.restartAmnesic(3);
        cluster.tick(40);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        cluster.lose((from, to, message) ->
                from == 2 && (message.type() == MessageType.VIEW_CHANGE || message.type() == MessageType.STATUS));
        cluster.disconnect(0);
        cluster.run();
        cluster.deliver(1, old);
        // The last VIEW-CHANGE that is needed comes now, that of replica 3 does not come again.
        cluster.lose((from, to, message) -> from == 3);
        cluster.tick(3);
        assertThat(cluster.status(1).view()).isEqualTo(new View(1));
        assertThat(cluster.notices(Notice.ViewEntered.class)).isNotEmpty();
    }

    @Test
    @DisplayName("A5 whoever cannot know whether a replica has rejoined does not accuse it of its two VIEW-CHANGEs")
    void a5TwoViewChangesAreNoEquivocationAcrossARejoin() {
        execute(5);
        cluster.deliver(1, viewChange(StableCertificate.INITIAL, 1));
        cluster.deliver(1, viewChange(stable(100), 1));
        assertThat(cluster.notices(Notice.Equivocation.class)).isEmpty();
        cluster.deliver(2, viewChange(StableCertificate.INITIAL, 1));
        cluster.deliver(2, viewChange(stable(4), 1));
        assertThat(cluster.notices(Notice.Equivocation.class)).hasSize(1);
    }

    private Verified<ViewChange> viewChange(StableCertificate stable, int view) {
        return keys.replicaSealer(3).seal(new ViewChange(new ReplicaId(3), new View(view), stable, List.of()));
    }

    private StableCertificate stable(long at) {
        List<Signed<Checkpoint>> votes = new ArrayList<>();
        for (int replica = 0; replica < 3; replica++) {
            Checkpoint vote =
                    new Checkpoint(new ReplicaId(replica), new SequenceNumber(at), Digest.sha256(Bytes.EMPTY));
            votes.add(keys.replicaSealer(replica).seal(vote).signed());
        }
        return new StableCertificate(votes);
    }

    /** All are in view 1, which began with the VIEW-CHANGEs of 1, 2 and 3. */
    private void inAViewThatBeganWithReplica3() {
        execute(3);
        cluster.disconnect(0);
        cluster.run();
        cluster.heal(0);
        execute(1);
        cluster.tick(5);
        for (int replica = 0; replica < 4; replica++) {
            assertThat(cluster.status(replica).view()).isEqualTo(new View(1));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("A5 a view that began with what a replica has forgotten since is left for one that it can enter, once")
    void a5AViewThatBeganWithWhatIsForgotten(boolean othersRestart) {
        inAViewThatBeganWithReplica3();
        cluster.restartAmnesic(3);
        // It executes its REJOIN before it gets the NEW-VIEW, which is void for it then.
        cluster.lose((from, to, message) -> to == 3 && message.type() == MessageType.NEW_VIEW);
        cluster.tick(1);
        assertThat(rejoinsExecuted()).isEqualTo(1);
        cluster.lose((from, to, message) ->
                (to == 3 && message.type() == MessageType.NEW_VIEW) || message.type() == MessageType.CHECKPOINT);
        cluster.tick(20);
        for (int replica = 0; replica < 3; replica++) {
            if (othersRestart) {
                cluster.restart(replica);
            }
            // Without it, there would be nobody to replace whoever crashes now.
            assertThat(cluster.status(replica).view()).isEqualTo(new View(1));
        }
        cluster.lose((from, to, message) -> false);
        cluster.tick(40);
        assertThat(cluster.notices(Notice.Rejoined.class)).hasSize(1);
        for (int replica = 0; replica < 4; replica++) {
            assertThat(cluster.status(replica).view()).isEqualTo(new View(2));
        }
        cluster.cutOff(0);
        execute(1);
        assertThat(cluster.executed(3)).hasSize(5).isEqualTo(cluster.executed(2));
        cluster.heal(0);
        cluster.tick(40);
        assertThat(cluster.status(3).view()).isEqualTo(new View(2));
    }

    @Test
    @DisplayName("A5 a view that began with what a replica has forgotten is left though it forgets again and again")
    void a5AViewThatBeganWithWhatIsForgottenAgainAndAgain() {
        inAViewThatBeganWithReplica3();
        cluster.cutOff(3);
        for (int ticks = 1; ticks < 30; ticks++) {
            show(rejoin(3, ticks), 0, 1, 2);
            cluster.tick(1);
        }
        assertThat(rejoinsExecuted()).isGreaterThan(2);
        assertThat(cluster.status(0).view()).isEqualTo(new View(2));
    }

    // --- replicas that only say that they have forgotten something

    @Test
    @DisplayName("C6 a REJOIN that its sender does not show to the primary is passed on: nobody suspects the primary")
    void c6ARejoinThatThePrimaryIsNotShown() {
        cluster.cutOff(3);
        for (int life = 1; life <= 3; life++) {
            show(rejoin(3, life), 1, 2);
            for (int ticks = 0; ticks < 14; ticks++) {
                execute(1);
                cluster.tick(1);
            }
            assertThat(rejoinsExecuted()).isEqualTo(life);
        }
        assertThat(cluster.notices(Notice.PrimarySuspected.class)).isEmpty();
    }

    @Test
    @DisplayName("C6 a REJOIN may be lost on its way to the primary: it is passed on again, less and less often")
    void c6ARejoinIsPassedOnAgain() {
        AtomicInteger passedOn = new AtomicInteger();
        cluster.lose((from, to, message) -> message.type() == MessageType.REJOIN && passedOn.incrementAndGet() < 4);
        cluster.cutOff(3);
        show(rejoin(3, 1), 1);
        cluster.tick(7);
        assertThat(passedOn).hasValue(3);
        cluster.tick(1);
        assertThat(passedOn).hasValue(4);
        assertThat(rejoinsExecuted()).isEqualTo(1);
    }

    @Test
    @DisplayName("C6 how long a REJOIN has come too early is not laid to the primary's account")
    void c6ARejoinThatComesTooEarly() {
        cluster.cutOff(3);
        show(rejoin(3, 1), 0, 1, 2);
        cluster.lose((from, to, message) -> message.type() == MessageType.CHECKPOINT);
        cluster.tick(3);
        show(rejoin(3, 2), 1, 2);
        cluster.tick(15);
        assertThat(rejoinsExecuted()).isEqualTo(1);
        cluster.lose((from, to, message) -> false);
        cluster.tick(15);
        assertThat(rejoinsExecuted()).isEqualTo(2);
        assertThat(cluster.notices(Notice.PrimarySuspected.class)).isEmpty();
    }

    @Test
    @DisplayName("C6 how long a REJOIN has waited in lower views is not laid to the primary's account")
    void c6ARejoinThatWaitedInALowerView() {
        cluster.cutOff(0);
        show(rejoin(0, 1), 2, 3);
        cluster.tick(30);
        assertThat(cluster.status(1).view()).isEqualTo(new View(1));
        assertThat(rejoinsExecuted()).isEqualTo(1);
    }

    @Test
    @DisplayName("C6 a replica that waits for its own service does not lay a REJOIN to the primary's account")
    void c6ARejoinWhileTheServiceIsBusy() {
        cluster.keepBusy();
        execute(1);
        cluster.tick(1);
        cluster.cutOff(3);
        show(rejoin(3, 1), 1, 2);
        cluster.lose((from, to, message) -> message.type() == MessageType.REJOIN);
        cluster.tick(15);
        assertThat(cluster.notices(Notice.PrimarySuspected.class)).isEmpty();
    }

    private Verified<Rejoin> rejoin(int replica, long incarnation) {
        Bytes nonce = Digest.sha256(Bytes.EMPTY).toBytes();
        return keys.replicaSealer(replica).seal(new Rejoin(new ReplicaId(replica), incarnation, nonce, Bytes.EMPTY));
    }

    private void show(Verified<Rejoin> rejoin, int... to) {
        for (int replica : to) {
            cluster.deliver(replica, rejoin);
        }
    }

    private long rejoinsExecuted() {
        return cluster.notices(Notice.RejoinExecuted.class).stream().distinct().count();
    }
}
