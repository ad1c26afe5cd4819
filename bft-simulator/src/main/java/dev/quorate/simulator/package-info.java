/** The deterministic simulator: a whole cluster in one thread on virtual time, from one seed. */
package dev.quorate.simulator;
