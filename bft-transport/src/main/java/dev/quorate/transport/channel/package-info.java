/**
 * Authenticated channels between the members of a cluster: TLS, the first frame, framing, bounded queues, and staying
 * connected. Part of the runtime's inside: applications have no use for it.
 */
package dev.quorate.transport.channel;
