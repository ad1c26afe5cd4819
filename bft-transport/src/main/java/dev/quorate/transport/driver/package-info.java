/**
 * The threads around a replica's and a client's state machine. Part of the runtime's inside: applications have no use for
 * it.
 *
 * <p>A replica has these threads: event loops, which read and write channels; workers, which validate what arrived; the
 * replica thread, which alone touches the protocol; and the service thread, which alone touches the service.
 */
package dev.quorate.transport.driver;
