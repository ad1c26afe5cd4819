/**
 * Replicas and clients of a run: drivers of the production state machines in virtual time, with virtual disks, service
 * threads, timers and clocks.
 */
package dev.quorate.simulator.node;
