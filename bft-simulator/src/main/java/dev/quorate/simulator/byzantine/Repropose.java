package dev.quorate.simulator.byzantine;

import dev.quorate.core.ClientId;
import dev.quorate.core.message.Batch;
import dev.quorate.core.message.Message;
import dev.quorate.core.message.MinPrepare;
import dev.quorate.core.message.PrePrepare;
import dev.quorate.core.message.Request;
import dev.quorate.core.message.RequestId;
import dev.quorate.core.wire.Batches;
import dev.quorate.core.wire.Verified;
import dev.quorate.crypto.Bytes;
import dev.quorate.simulator.kernel.Randomness;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * As a primary, puts requests into its batches that were executed before, twice, or never sent by their client, or gives
 * these a time that is far off. In PBFT instead of what it should propose; in MinBFT, where that has its counter already, at
 * the next position.
 */
final class Repropose implements Behaviour {
    /** Of MinBFT's positions: what its own state machine proposes next breaks the order then, and ends its view. */
    private static final double SHARE = 0.15;

    private final boolean forges;
    private final boolean liesAboutTime;
    private Verified<? extends Message> lastOriginal;
    private Optional<Verified<? extends Message>> lastChanged = Optional.empty();

    Repropose(boolean forges, boolean liesAboutTime) {
        this.forges = forges;
        this.liesAboutTime = liesAboutTime;
    }

    @Override
    public List<Outgoing> send(Outgoing original, Adversary adversary) {
        Optional<PrePrepare> ofPbft =
                original.as(PrePrepare.class).filter(p -> p.replica().equals(adversary.self()));
        Optional<MinPrepare> ofMinBft =
                original.as(MinPrepare.class).filter(p -> p.replica().equals(adversary.self()) && hasNext(p));
        if (ofPbft.isEmpty() && ofMinBft.isEmpty()) {
            return List.of(original);
        }
        Verified<? extends Message> first = original.message().orElseThrow();
        if (!first.equals(lastOriginal)) {
            lastOriginal = first;
            lastChanged = ofPbft.isPresent()
                    ? Optional.of(instead(ofPbft.get(), adversary))
                    : behind(ofMinBft.get(), adversary);
        }
        List<Outgoing> all = new ArrayList<>();
        if (ofMinBft.isPresent()) {
            all.add(original);
        }
        lastChanged.ifPresent(changed -> all.add(original.saying(changed)));
        return all;
    }

    private Verified<PrePrepare> instead(PrePrepare proposal, Adversary adversary) {
        return adversary.proposeInstead(proposal, batch(proposal.batch(), adversary));
    }

    /** A replica that floods others with the future may have proposed the last position that there is. */
    private static boolean hasNext(MinPrepare proposal) {
        return proposal.sequenceNumber().value() < Long.MAX_VALUE;
    }

    private Optional<Verified<? extends Message>> behind(MinPrepare proposal, Adversary adversary) {
        if (!adversary.random().chance(SHARE)) {
            return Optional.empty();
        }
        Batch batch = batch(proposal.batch(), adversary);
        return Optional.of(adversary
                .sealer()
                .seal(new MinPrepare(
                        adversary.self(),
                        proposal.view(),
                        proposal.sequenceNumber().next(),
                        batch.digest(),
                        proposal.newView(),
                        Optional.of(batch))));
    }

    private Batch batch(Optional<Batch> proposed, Adversary adversary) {
        List<Verified<Request>> requests = new ArrayList<>();
        for (int i = adversary.random().between(1, 4); i > 0; i--) {
            Optional<Verified<Request>> old = adversary.loot().anyRequest(adversary.random());
            old.ifPresent(requests::add);
            if (forges && old.isPresent()) {
                requests.add(forge(old.get().message(), adversary));
            }
        }
        long time = Mutations.timeOf(proposed);
        return Batches.of(
                requests, liesAboutTime ? wrongTime(time, adversary.random()) : time, Bytes.EMPTY, Bytes.EMPTY);
    }

    /** Far in the future, or so that it comes within the run; or long past. */
    private static long wrongTime(long time, Randomness random) {
        return switch (random.below(3)) {
            case 0 -> Long.MAX_VALUE / 2 - random.below(2);
            case 1 -> time + random.skewed(1, 60_000);
            default -> random.skewed(1, Math.max(1, time));
        };
    }

    private static Verified<Request> forge(Request genuine, Adversary adversary) {
        ClientId client = genuine.client();
        RequestId id = new RequestId(
                client,
                genuine.id().session(),
                genuine.id().number() + adversary.random().below(2));
        Bytes operation = Bytes.wrap("add x 100".getBytes(StandardCharsets.US_ASCII));
        return adversary.sealerAs(client.value()).seal(new Request(id, operation));
    }
}
