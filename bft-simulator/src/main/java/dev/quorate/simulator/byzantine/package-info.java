/**
 * Faulty replicas and clients. A faulty replica is a correct one whose messages pass through {@linkplain
 * dev.quorate.simulator.byzantine.Behaviour behaviours} on their way out: so it follows the protocol closely enough to
 * do harm. It has its own key only: it cannot sign for others.
 */
package dev.quorate.simulator.byzantine;
