/** The sample: a replicated key-value store, its client and its command line. */
package dev.quorate.sample.kv;
