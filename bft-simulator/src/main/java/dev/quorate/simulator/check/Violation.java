package dev.quorate.simulator.check;

/**
 * An invariant that a run broke.
 *
 * @param invariant its name, such as {@code agreement}
 * @param explanation what was seen and what should have been, for the person who looks for the cause
 */
public record Violation(String invariant, String explanation) {}
