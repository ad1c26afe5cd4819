/**
 * Between bytes and messages: bounded decoding, the bytes that get signed, and validation. Only what passed a
 * {@link dev.quorate.core.wire.MessageValidator} becomes a {@link dev.quorate.core.wire.Verified}.
 */
package dev.quorate.core.wire;
