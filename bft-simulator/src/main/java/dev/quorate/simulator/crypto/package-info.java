/** Signatures for simulations: fast, and worthless outside of one. */
package dev.quorate.simulator.crypto;
