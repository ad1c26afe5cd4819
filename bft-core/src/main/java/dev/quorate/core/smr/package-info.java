/**
 * What the protocols share: the event-in, effects-out interface, and the bookkeeping of state machine replication
 * (request pool, sessions, execution in order, checkpoints, retransmission), used by composition.
 */
package dev.quorate.core.smr;
