package dev.quorate.crypto;

import java.math.BigInteger;

/**
 * The curve of Ed25519 in textbook arithmetic (RFC 8032, section 5.1), slow and plain: to make the hostile keys and
 * signatures that no honest implementation makes.
 */
record Edwards(BigInteger x, BigInteger y) {
    static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    /** The order of the base point. */
    static final BigInteger L = BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private static final BigInteger D = BigInteger.valueOf(-121665)
            .multiply(BigInteger.valueOf(121666).modInverse(P))
            .mod(P);
    private static final BigInteger SQRT_MINUS_ONE =
            BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P);

    /** The point that {@code encoded} stands for, which has to be canonical and on the curve. */
    static Edwards decode(byte[] encoded) {
        BigInteger bits = littleEndian(encoded);
        BigInteger y = bits.clearBit(255);
        BigInteger y2 = y.multiply(y);
        BigInteger x2 = y2.subtract(BigInteger.ONE)
                .multiply(D.multiply(y2).add(BigInteger.ONE).modInverse(P))
                .mod(P);
        BigInteger x = x2.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
        if (!x.multiply(x).mod(P).equals(x2)) {
            x = x.multiply(SQRT_MINUS_ONE).mod(P);
        }
        if (!x.multiply(x).mod(P).equals(x2)) {
            throw new IllegalArgumentException("not on the curve");
        }
        return new Edwards(x.testBit(0) == bits.testBit(255) ? x : P.subtract(x).mod(P), y);
    }

    Edwards plus(Edwards that) {
        BigInteger cross = D.multiply(x).multiply(that.x).multiply(y).multiply(that.y);
        BigInteger sumX = x.multiply(that.y).add(y.multiply(that.x));
        BigInteger sumY = y.multiply(that.y).add(x.multiply(that.x));
        return new Edwards(
                sumX.multiply(BigInteger.ONE.add(cross).modInverse(P)).mod(P),
                sumY.multiply(BigInteger.ONE.subtract(cross).modInverse(P)).mod(P));
    }

    byte[] encode() {
        return littleEndian(x.testBit(0) ? y.setBit(255) : y);
    }

    static BigInteger littleEndian(byte[] bytes) {
        return new BigInteger(1, reversed(bytes));
    }

    /** 32 bytes. */
    static byte[] littleEndian(BigInteger number) {
        byte[] bigEndian = number.toByteArray();
        byte[] padded = new byte[32];
        int length = Math.min(32, bigEndian.length);
        System.arraycopy(bigEndian, bigEndian.length - length, padded, 32 - length, length);
        return reversed(padded);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
