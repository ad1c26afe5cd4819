/**
 * The trusted counter of MinBFT: the <em>Unique Sequential Identifier Generator</em> (USIG) of Veronese et al., IEEE
 * Transactions on Computers 2013, section 4. Only the abstraction so far; implementations come with MinBFT.
 */
package dev.quorate.usig;
