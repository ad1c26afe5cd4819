/** The network of a run: links that delay, lose, repeat and reorder frames, and that can be cut. */
package dev.quorate.simulator.network;
