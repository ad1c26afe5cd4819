/** What makes a run repeatable: one seed, virtual time, a total order of events, and a digest of all of them. */
package dev.quorate.simulator.kernel;
