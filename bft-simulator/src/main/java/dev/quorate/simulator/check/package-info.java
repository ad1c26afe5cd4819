/** What every run has to keep to: one checker for each invariant, and a checker for linearizability. */
package dev.quorate.simulator.check;
