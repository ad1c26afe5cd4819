/**
 * PBFT: Castro and Liskov, "Practical Byzantine Fault Tolerance", OSDI 1999. {@link dev.quorate.core.pbft.PbftReplica}
 * dispatches; each message has its handler.
 */
package dev.quorate.core.pbft;
