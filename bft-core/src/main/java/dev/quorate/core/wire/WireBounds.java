package dev.quorate.core.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.quorate.core.RejectionReason;
import java.io.IOException;

/**
 * Looks over bytes in protobuf's format before they are parsed, without allocating anything: a parser makes objects for
 * whatever it finds, and a frame of a few megabytes can hold millions of empty or unknown fields.
 */
final class WireBounds {
    private WireBounds() {}

    /**
     * Refuses anything but fields {@code 1..maxField} of the plain kinds, at most {@code maxFields} in all.
     *
     * @return the number of fields
     */
    static int check(byte[] bytes, int maxField, int maxFields) throws RejectedException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        int fields = 0;
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int wireType = WireFormat.getTagWireType(tag);
                boolean plain =
                        wireType == WireFormat.WIRETYPE_VARINT || wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED;
                if (!plain || WireFormat.getTagFieldNumber(tag) > maxField) {
                    throw new RejectedException(RejectionReason.MALFORMED, "unknown field");
                }
                if (++fields > maxFields) {
                    throw new RejectedException(RejectionReason.OVERSIZE, "more than " + maxFields + " elements");
                }
                in.skipField(tag);
            }
        } catch (IOException e) {
            throw new RejectedException(RejectionReason.MALFORMED, "damaged or truncated");
        }
        return fields;
    }
}
