package dev.quorate.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.quorate.core.Limit;
import dev.quorate.core.Limits;
import dev.quorate.core.Protocol;
import dev.quorate.core.TestCluster;
import dev.quorate.core.message.MessageType;
import dev.quorate.core.pbft.PbftRules;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A frame makes a replica allocate a small multiple of the frame, however it is made. */
class AllocationTest {
    private static final int FRAME = 4 << 20;
    /** What a rejection itself may cost, and the classes that are loaded on the way. */
    private static final long SLACK = 1 << 20;

    private static final TestCluster CLUSTER = TestCluster.of(
            Protocol.PBFT,
            4,
            1,
            Limits.defaults().with(Limit.MAX_BATCH_REQUESTS, 65_536).with(Limit.MAX_BATCH_BYTES, 8 << 20));

    private final MessageValidator validator = new MessageValidator(CLUSTER.config(), new PbftRules(CLUSTER.config()));
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @BeforeEach
    void warmUp() {
        assumeTrue(threads.isThreadAllocatedMemorySupported(), "this JVM does not count allocations");
        validate(WireFixture.seal(WireFixture.proposal(0, 0, 1, Batches.nullBatch()))
                .frame());
    }

    @Test
    @DisplayName("X3: millions of empty fields cost nothing")
    void x3MillionsOfEmptyFields() {
        byte[] frame = new byte[FRAME];
        for (int field = 1; field <= 15; field++) {
            for (int wireType : new int[] {0, 2, 3}) {
                for (int i = 0; i < FRAME; i += 2) {
                    frame[i] = (byte) (field << 3 | wireType);
                    frame[i + 1] = 0;
                }
                assertAllocatesAtMost(SLACK, Bytes.wrap(frame));
            }
        }
    }

    @Test
    @DisplayName("X3: a batch of millions of empty requests, signed by the primary, costs a few copies of the frame")
    void x3MillionsOfEmptyRequests() {
        byte[] body = new byte[FRAME];
        for (int i = 0; i < FRAME; i += 2) {
            body[i] = 10;
        }
        assertAllocatesAtMost(3L * FRAME + SLACK, proposal(Bytes.wrap(body)));
    }

    @Test
    @DisplayName("X3: as many empty requests as a batch may hold cost a few copies of the frame")
    void x3AsManyEmptyRequestsAsMayBe() {
        byte[] body = new byte[2 * 65_536];
        for (int i = 0; i < body.length; i += 2) {
            body[i] = 10;
        }
        assertAllocatesAtMost(4L * FRAME + SLACK, proposal(Bytes.wrap(body)));
    }

    @Test
    @DisplayName("X2: one huge field of whatever kind costs one copy of the frame")
    void x2OneHugeField() {
        byte[] random = new byte[FRAME - 100];
        new Random(1).nextBytes(random);
        Bytes huge = Bytes.wrap(random);
        for (MessageType type : MessageType.values()) {
            Bytes id = CLUSTER.config().clusterId();
            assertAllocatesAtMost(FRAME + SLACK, encode(new Envelope(id, type, 0, 0, huge, Bytes.EMPTY, Bytes.EMPTY)));
            assertAllocatesAtMost(
                    FRAME + SLACK, encode(new Envelope(huge, type, 0, 0, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY)));
            assertAllocatesAtMost(FRAME + SLACK, encode(new Envelope(id, type, 0, 0, Bytes.EMPTY, huge, Bytes.EMPTY)));
            assertAllocatesAtMost(FRAME + SLACK, encode(new Envelope(id, type, 0, 0, Bytes.EMPTY, Bytes.EMPTY, huge)));
        }
    }

    @Test
    @DisplayName("A full batch of good requests costs a few copies of the frame")
    void aGoodBatchCostsAFewCopies() {
        byte[] operation = new byte[1 << 20];
        Bytes body = WireFixture.batch(java.util.List.of(
                        WireFixture.request(0, 1, Bytes.wrap(operation)),
                        WireFixture.request(0, 2, Bytes.wrap(operation)),
                        WireFixture.request(0, 3, Bytes.wrap(operation))))
                .encoded();
        // Body, request, payload, operation, and the bytes that the client signed: each copied once.
        assertAllocatesAtMost(6L * body.length() + SLACK, proposal(body));
    }

    @Test
    @DisplayName("X3: certificates of millions of empty signatures cost a few copies of the frame")
    void x3MillionsOfEmptySignatures() {
        Bytes id = CLUSTER.config().clusterId();
        for (int signatures : new int[] {4, 100, 100_000}) {
            byte[] certificate = repeated(2, signatures, new byte[0]);
            Bytes viewChange = Bytes.wrap(repeated(3, (FRAME / 2) / (certificate.length + 4), certificate));
            Bytes newView = Bytes.wrap(repeated(2, 1, repeated(2, 1, viewChange.unsafeArray())));
            Bytes newViews = Bytes.wrap(repeated(2, 300_000, new byte[] {8, 1}));
            assertAllocatesAtMost(
                    6L * FRAME,
                    encode(new Envelope(id, MessageType.VIEW_CHANGE, 0, 0, viewChange, Bytes.EMPTY, Bytes.EMPTY)));
            for (Bytes payload : java.util.List.of(newView, newViews)) {
                assertAllocatesAtMost(
                        6L * FRAME,
                        encode(new Envelope(id, MessageType.NEW_VIEW, 0, 0, payload, Bytes.EMPTY, Bytes.EMPTY)));
            }
        }
    }

    private static byte[] repeated(int field, int times, byte[] element) {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        com.google.protobuf.CodedOutputStream out = com.google.protobuf.CodedOutputStream.newInstance(bytes);
        try {
            for (int i = 0; i < times; i++) {
                out.writeByteArray(field, element);
            }
            out.flush();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private Bytes proposal(Bytes body) {
        Digest digest = MessageCodec.batchDigest(body);
        return CLUSTER.replicaSealer(0)
                .seal(WireFixture.proposal(
                        0,
                        0,
                        1,
                        new dev.quorate.core.message.Batch(
                                java.util.Optional.empty(), java.util.List.of(), WireFixture.VALUES, body, digest)))
                .frame();
    }

    private static Bytes encode(Envelope envelope) {
        return MessageCodec.encode(envelope);
    }

    private void assertAllocatesAtMost(long bytes, Bytes frame) {
        assertThat(frame.length()).isLessThanOrEqualTo(CLUSTER.config().limits().maxBatchMessageBytes());
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        validate(frame);
        long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        assertThat(after - before)
                .as(
                        "bytes allocated for a frame of %d that begins with %s",
                        frame.length(), Arrays.toString(Arrays.copyOf(frame.unsafeArray(), 8)))
                .isLessThanOrEqualTo(bytes);
    }

    private void validate(Bytes frame) {
        assertThat(validator.validate(frame, WireFixture.fromReplica(0))).isNotNull();
    }
}
