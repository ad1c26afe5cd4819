package dev.quorate.core.message;

import dev.quorate.crypto.Bytes;

/**
 * A message that another one quotes, with its sender's signature. Payloads have one encoding only, so that the signed
 * bytes follow from the message.
 *
 * @param <M> the type of message, one that is {@linkplain MessageType#isTransferable() transferable}
 */
public record Signed<M extends Message>(M message, Bytes signature) {}
