/** Where a runtime plugs in: threads, sockets and clocks around the state machines of this module. */
package dev.quorate.core.runtime;
