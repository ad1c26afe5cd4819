/** The command line of the sample: one class for each command, and what they share. */
package dev.quorate.sample.kv.cli;
