/** Which faults a run has: drawn from its seed, listed beforehand, so that a run can be repeated with fewer of them. */
package dev.quorate.simulator.fault;
