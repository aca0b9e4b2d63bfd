// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// A fixed run of bytes. Never changes; equal to another with the same content.
public final class Bytes implements GuestBytes {

    private final byte[] content;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /// A copy of `content`.
    public static Bytes of(byte... content) {
        return new Bytes(content.clone());
    }

    /// `size` bytes of zero.
    public static Bytes zero(int size) {
        return new Bytes(new byte[size]);
    }

    @Override
    public long size() {
        return content.length;
    }

    @Override
    public int byteAt(long at) {
        if (at < 0 || at >= content.length) {
            throw new IndexOutOfBoundsException("byte " + at + " of " + content.length);
        }
        return content[(int) at] & 0xFF;
    }

    /// The same bytes, but with the low `size` bytes, 1 to 8, of `value` at `at`.
    ///
    /// @throws IllegalArgumentException if `value`, unsigned, does not fit
    /// @throws IndexOutOfBoundsException if it reaches past the end
    public Bytes with(long at, int size, long value) {
        if (size < 8 && value >>> (size * 8) != 0) {
            throw new IllegalArgumentException(
                    Long.toHexString(value) + " does not fit " + size + " bytes");
        }
        if (at < 0 || at > content.length - size) {
            throw new IndexOutOfBoundsException(size + " bytes at " + at + " of " + content.length);
        }
        var copy = content.clone();
        for (int i = 0; i < size; i++) {
            copy[(int) at + i] = (byte) (value >>> (i * 8));
        }
        return new Bytes(copy);
    }

    /// These bytes and then `more`.
    public Bytes append(Bytes more) {
        var copy = new byte[content.length + more.content.length];
        System.arraycopy(content, 0, copy, 0, content.length);
        System.arraycopy(more.content, 0, copy, content.length, more.content.length);
        return new Bytes(copy);
    }

    /// A copy as an array.
    public byte[] toArray() {
        return content.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && sameContent(bytes.content);
    }

    @Override
    public int hashCode() {
        var hash = 1;
        for (var b : content) {
            hash = 31 * hash + b;
        }
        return hash;
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var b : content) {
            text.append(Character.forDigit((b >> 4) & 15, 16))
                    .append(Character.forDigit(b & 15, 16));
        }
        return text.toString();
    }

    private boolean sameContent(byte[] other) {
        if (other.length != content.length) {
            return false;
        }
        for (int i = 0; i < content.length; i++) {
            if (content[i] != other[i]) {
                return false;
            }
        }
        return true;
    }
}
