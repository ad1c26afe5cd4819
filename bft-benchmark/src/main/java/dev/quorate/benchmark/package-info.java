/** Measurements with JMH. */
package dev.quorate.benchmark;
