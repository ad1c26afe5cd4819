/** What happens in a run, one record for each event: for the digest, for people, and for whoever wants to listen. */
package dev.quorate.simulator.journal;
