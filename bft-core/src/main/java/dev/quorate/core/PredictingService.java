package dev.quorate.core;

import java.util.List;

/**
 * A service that needs something from outside which replicas would not all see alike: an exchange rate, a measurement, an
 * answer of another system. The primary's service predicts it once for a batch, the other replicas accept or refuse it,
 * and every operation of the batch finds it in {@link Operation#prediction()}.
 *
 * <p>Called on the same thread as the other methods, with the state after everything that was executed so far, which may
 * differ from replica to replica. Neither method may change the state.
 */
public interface PredictingService extends ReplicatedService {
    /**
     * At the primary: what the operations of a batch need from outside. An exception, or more than {@code
     * maxPredictionBytes}, counts as an empty prediction.
     *
     * @param operations not yet ordered: their sequence number is the one that they may get
     */
    byte[] predict(List<Operation> operations) throws Exception;

    /**
     * At the other replicas: whether a prediction is acceptable. A replica that refuses does not vote for the batch, and
     * asks for another primary; so refuse what is absurd, and leave room for what clocks and networks do. An exception
     * counts as a refusal.
     */
    boolean accepts(List<Operation> operations, byte[] prediction) throws Exception;
}
