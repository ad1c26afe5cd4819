/**
 * The trusted counter of MinBFT: the <em>Unique Sequential Identifier Generator</em> (USIG) of Veronese et al., IEEE
 * Transactions on Computers 2013, section 4.
 *
 * <p>This package is the abstraction, which implementations plug into through {@link java.util.ServiceLoader}; the
 * subpackage {@code software} has two without hardware. The module {@code bft-usig-testkit} has the tests that every
 * implementation has to pass.
 */
package dev.quorate.usig;
