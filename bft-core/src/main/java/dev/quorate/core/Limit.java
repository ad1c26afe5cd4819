package dev.quorate.core;

/**
 * Every limit and period that a cluster's configuration may set: its name there, its default, the values that it may
 * take, and what it bounds. All replicas and clients of a cluster have to use the same.
 */
public enum Limit {
    MAX_OPERATION_BYTES("maxOperationBytes", 1 << 20, 1, 64 << 20, "bytes", "size of one operation"),
    MAX_RESULT_BYTES("maxResultBytes", 1 << 20, 1, 64 << 20, "bytes", "size of one result"),
    WHOLE_REPLY_BYTES(
            "wholeReplyBytes",
            1024,
            0,
            64 << 20,
            "bytes",
            "results up to this size are sent whole by every replica, larger ones by one, and by the others as digests"),
    MAX_BATCH_REQUESTS("maxBatchRequests", 512, 1, 65_536, "requests", "requests ordered as one batch"),
    MAX_BATCH_BYTES("maxBatchBytes", 2 << 20, 1, 128 << 20, "bytes", "size at which a batch takes no more requests"),
    MAX_PREDICTION_BYTES(
            "maxPredictionBytes", 4096, 0, 1 << 20, "bytes", "size of what a service predicts for a batch"),
    MAX_CLOCK_SKEW(
            "maxClockSkewMillis",
            10_000,
            10,
            3_600_000,
            "ms",
            "how far a proposed time may be from a replica's own clock"),
    MAX_FRAME_BYTES(
            "maxFrameBytes",
            256 << 10,
            4096,
            64 << 20,
            "bytes",
            "larger messages between replicas are sent in pieces of this size"),
    CHECKPOINT_INTERVAL("checkpointInterval", 64, 1, 1 << 20, "batches", "K: a checkpoint after every K batches"),
    WINDOW(
            "window",
            256,
            2,
            1 << 21,
            "batches",
            "L: batches ordered beyond the last stable checkpoint; a multiple of K"),
    HISTORY_BYTES(
            "historyBytes",
            64 << 20,
            0,
            1 << 30,
            "bytes",
            "executed batches kept for replicas that are behind by less than that"),
    PIPELINE_DEPTH("pipelineDepth", 8, 1, 65_536, "batches", "P: batches proposed and not yet committed"),
    SESSIONS_PER_CLIENT("sessionsPerClient", 16, 1, 65_536, "sessions", "S_c: the least recently used is evicted"),
    REQUESTS_PER_SESSION("requestsPerSession", 64, 1, 65_536, "requests", "W_c: outstanding requests, replies kept"),
    KEPT_RESULT_BYTES(
            "keptResultBytes",
            96 << 20,
            65_536,
            1 << 30,
            "bytes",
            "results kept for clients that ask again, of all clients"),
    STATUS_INTERVAL("statusIntervalMillis", 100, 10, 600_000, "ms", "how often a replica that lacks something asks"),
    IDLE_STATUS_INTERVAL(
            "idleStatusIntervalMillis", 1_000, 10, 600_000, "ms", "how often an idle replica says where it is"),
    VIEW_TIMEOUT("viewTimeoutMillis", 1_000, 50, 600_000, "ms", "how long a request or a NEW-VIEW may take at first"),
    CLIENT_RETRY("clientRetryMillis", 500, 10, 600_000, "ms", "when a client first sends its request to all replicas"),
    CLIENT_TIMEOUT("clientTimeoutMillis", 10_000, 10, 3_600_000, "ms", "when a client's invocation gives up");

    private final String configName;
    private final int defaultValue;
    private final int min;
    private final int max;
    private final String unit;
    private final String meaning;

    Limit(String configName, int defaultValue, int min, int max, String unit, String meaning) {
        this.configName = configName;
        this.defaultValue = defaultValue;
        this.min = min;
        this.max = max;
        this.unit = unit;
        this.meaning = meaning;
    }

    public String configName() {
        return configName;
    }

    public int defaultValue() {
        return defaultValue;
    }

    public int min() {
        return min;
    }

    public int max() {
        return max;
    }

    public String unit() {
        return unit;
    }

    public String meaning() {
        return meaning;
    }
}
