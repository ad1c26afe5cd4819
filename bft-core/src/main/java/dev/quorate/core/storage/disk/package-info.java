/** The few things that a store asks of a file system, so that it can be run on a simulated one. */
package dev.quorate.core.storage.disk;
