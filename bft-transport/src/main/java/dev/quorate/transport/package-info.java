/** Netty: framing, TLS, connections; and the runtime that drives a replica and a client. */
package dev.quorate.transport;
