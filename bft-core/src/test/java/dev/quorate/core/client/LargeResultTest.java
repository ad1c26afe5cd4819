package dev.quorate.core.client;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Results that one replica sends whole, and the others by their digest (Castro and Liskov 1999, section 5.1). Of request 1
 * of session 7, replica 0 of four sends the whole.
 */
class LargeResultTest {
    private final ClientSteps client = ClientSteps.ofFourReplicas();

    @BeforeEach
    void invoke() {
        client.invokes(11, "a").whatever();
    }

    @Test
    void aDigestAndTheWholeMakeAResultInAnyOrder() {
        client.repliesByDigest(1, 1, "large").nothingElse();
        completes(client.replies(0, 1, "large"));
        client.invokes(12, "b").whatever();
        // Of request 2 it is replica 1.
        client.replies(1, 2, "LARGE").nothingElse();
        client.repliesByDigest(3, 2, "LARGE")
                .stopsTimer(2)
                .stopsTimer(-2)
                .completes(12, "LARGE")
                .nothingElse();
    }

    @Test
    void whileTheChosenReplicaMayStillSendTheWholeNobodyIsAsked() {
        client.repliesByDigest(1, 1, "large").nothingElse();
        client.repliesByDigest(2, 1, "large").nothingElse();
        client.repliesByDigest(3, 1, "large").nothingElse();
        completes(client.replies(0, 1, "large"));
    }

    @Test
    @DisplayName("L4 if the chosen replica is silent, all are asked, and then send the whole")
    void l4TheChosenReplicaIsSilent() {
        client.repliesByDigest(1, 1, "large").nothingElse();
        client.repliesByDigest(2, 1, "large").nothingElse();
        client.timerFires(1).sendsToAll(1, "a").startsTimer(1, 200).nothingElse();
        completes(client.replies(2, 1, "large"));
    }

    @Test
    @DisplayName("L4 if the chosen replica lies, all are asked at once, whoever answers last")
    void l4TheChosenReplicaLies() {
        client.replies(0, 1, "lie").nothingElse();
        client.repliesByDigest(1, 1, "large").nothingElse();
        client.repliesByDigest(2, 1, "large").sendsToAll(1, "a").nothingElse();
        client.repliesByDigest(3, 1, "large").nothingElse();
        completes(client.replies(1, 1, "large"));
    }

    @Test
    @DisplayName("L4 if the chosen replica lies last, all are asked as well")
    void l4TheChosenReplicaLiesLast() {
        client.repliesByDigest(1, 1, "large").nothingElse();
        client.repliesByDigest(2, 1, "large").nothingElse();
        client.replies(0, 1, "lie").sendsToAll(1, "a").nothingElse();
        completes(client.replies(1, 1, "large"));
    }

    @Test
    @DisplayName("L4 if the chosen replica sends no more than the digest, all are asked")
    void l4TheChosenReplicaKeepsTheWhole() {
        client.repliesByDigest(0, 1, "large").nothingElse();
        client.repliesByDigest(1, 1, "large").sendsToAll(1, "a").nothingElse();
        completes(client.replies(1, 1, "large"));
    }

    @Test
    void ifThereIsNoChannelToTheChosenReplicaAllAreAskedAtOnce() {
        client.loses(0).sendsToAll(1, "a").nothingElse();
        client.repliesByDigest(1, 1, "large").nothingElse();
        client.repliesByDigest(2, 1, "large").sendsToAll(1, "a").nothingElse();
        completes(client.replies(2, 1, "large"));
    }

    @Test
    @DisplayName("L4 neither a digest nor a whole of f liars completes anything")
    void l4OneLiarCompletesNothing() {
        client.repliesByDigest(3, 1, "lie").nothingElse();
        client.replies(3, 1, "lie").nothingElse();
        client.repliesByDigest(3, 1, "lie").nothingElse();
        client.repliesByDigest(1, 1, "large").nothingElse();
        client.replies(3, 1, "another lie").nothingElse();
        completes(client.replies(0, 1, "large"));
    }

    @Test
    void aDigestThatComesLateDoesNotReplaceTheWhole() {
        client.replies(0, 1, "large").nothingElse();
        client.repliesByDigest(0, 1, "large").nothingElse();
        completes(client.repliesByDigest(2, 1, "large"));
    }

    private static void completes(ClientSteps step) {
        step.stopsTimer(1).stopsTimer(-1).completes(11, "large").nothingElse();
    }
}
