package dev.quorate.simulator.node;

/**
 * What a client does in a run.
 *
 * @param operations how many in all
 * @param operationsPerSession after how many a session ends and the next one begins
 * @param concurrentSessions how many sessions at a time
 * @param pipeline how many invocations of a session at a time
 * @param maxThinkNanos the longest pause between a result and the next invocation
 * @param abandonment the share of sessions that end before their invocations do, like those of a client that crashes
 */
public record ClientPlan(
        int operations,
        int operationsPerSession,
        int concurrentSessions,
        int pipeline,
        long maxThinkNanos,
        double abandonment) {}
