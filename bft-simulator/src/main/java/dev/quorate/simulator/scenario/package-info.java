/**
 * Scripted runs: who says what to whom, what is lost or late, who crashes, and what must hold. For histories that are
 * too special for chance to find them.
 */
package dev.quorate.simulator.scenario;
