/** A simulated file system that loses, tears and damages what is written to it, from a seed: for stores in files. */
package dev.quorate.simulator.disk;
