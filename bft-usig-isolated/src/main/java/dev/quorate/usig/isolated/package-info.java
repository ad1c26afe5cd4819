/**
 * A USIG in a process of its own: the example of a custom USIG. Key and counter are out of the replica's address space,
 * behind a Unix domain socket with a tiny protocol ({@link dev.quorate.usig.isolated.Wire}).
 *
 * <p><b>What it protects against.</b> Run as another user than the replica's, with only the socket shared by a group: a
 * replica that is taken over can ask for counters like any replica, but can neither read the key nor make the counter
 * repeat, skip or go back. Run as the same user, as is convenient for trying it out: against mistakes that expose the
 * replica's memory, but not against code that runs as that user, which can read the key file.
 *
 * <p><b>What it does not protect against.</b> Whoever is root, or takes over the USIG's own user; an older copy of the
 * whole directory put back, unless the replica's log knows better. Hardware with a counter of its own does.
 */
package dev.quorate.usig.isolated;
