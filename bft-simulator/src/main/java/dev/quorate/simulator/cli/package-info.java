/** The command line of the simulator. */
package dev.quorate.simulator.cli;
