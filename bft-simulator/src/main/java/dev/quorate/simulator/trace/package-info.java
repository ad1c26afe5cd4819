/** What happened in a run, event by event: recorded within bounds, and shown as text or as a space-time diagram. */
package dev.quorate.simulator.trace;
