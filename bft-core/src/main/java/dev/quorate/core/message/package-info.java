/** The messages of the protocols, as immutable records named as in the papers. */
package dev.quorate.core.message;
