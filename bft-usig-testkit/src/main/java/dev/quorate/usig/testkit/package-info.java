/**
 * The contract of a USIG as tests. Whoever writes one extends {@link dev.quorate.usig.testkit.UsigContract}, says which
 * provider is meant, and has the whole list.
 */
package dev.quorate.usig.testkit;
