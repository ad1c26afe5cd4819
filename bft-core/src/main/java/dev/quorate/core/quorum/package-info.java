/** How many replicas it takes: quorum sizes, and the counting of votes. */
package dev.quorate.core.quorum;
