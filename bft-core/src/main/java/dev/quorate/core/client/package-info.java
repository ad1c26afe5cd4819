/** The client's side of the protocol: a pure state machine, like a replica's. */
package dev.quorate.core.client;
