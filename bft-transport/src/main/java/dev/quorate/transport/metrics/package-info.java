/** What the runtime counts. */
package dev.quorate.transport.metrics;
