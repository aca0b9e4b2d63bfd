// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// An eight-byte entry of a descriptor table.
///
/// ```
///  b: 31      24 23 22 21 20 19       16 15 14 13 12 11   8 7        0
///    | base     | G| DB| L|  |limit     | P| DPL | S| type  | base    |
///  a: 31                              16 15                          0
///    | base or target selector          | limit or target offset      |
/// ```
///
/// The masks below are bits of the upper half, `b`.
///
/// @xen xen/arch/x86/include/asm/desc.h, _SEGMENT_TYPE and the list after it
/// @sdm 3A, "Segment Descriptors"
public record SegmentDescriptor(long raw) {

    /// Bytes in a descriptor.
    public static final int BYTES = 8;

    /// The type field.
    public static final long SEGMENT_TYPE = 15L << 8;

    /// Writable data, or readable code.
    public static final long SEGMENT_WR = 1L << 9;

    /// Expand-down data, or conforming code.
    public static final long SEGMENT_EC = 1L << 10;

    /// Code rather than data.
    public static final long SEGMENT_CODE = 1L << 11;

    /// Code or data; clear for a system descriptor.
    public static final long SEGMENT_S = 1L << 12;

    /// The privilege level.
    public static final long SEGMENT_DPL = 3L << 13;

    /// Present.
    public static final long SEGMENT_P = 1L << 15;

    /// 64-bit code.
    public static final long SEGMENT_L = 1L << 21;

    /// 32-bit rather than 16-bit.
    public static final long SEGMENT_DB = 1L << 22;

    /// The limit counts frames.
    public static final long SEGMENT_G = 1L << 23;

    /// The type of a system descriptor that is a call gate.
    public static final int CALL_GATE = 12;

    /// The descriptor with these halves; each is cut to 32 bits.
    public static SegmentDescriptor of(long a, long b) {
        return new SegmentDescriptor((a & 0xFFFF_FFFFL) | (b << 32));
    }

    /// The lower half, bits 31:0.
    public long a() {
        return raw & 0xFFFF_FFFFL;
    }

    /// The upper half, bits 63:32.
    public long b() {
        return raw >>> 32;
    }

    /// Whether all bits of `mask` are set in the upper half.
    public boolean has(long mask) {
        return (b() & mask) == mask;
    }

    /// The type field.
    public int type() {
        return (int) ((b() & SEGMENT_TYPE) >> 8);
    }

    /// The privilege level, 0 to 3.
    public int dpl() {
        return (int) ((b() & SEGMENT_DPL) >> 13);
    }

    /// The base address of a code or data segment.
    public long base() {
        return (b() & 0xFF00_0000L) | ((b() & 0xFF) << 16) | (a() >> 16);
    }

    /// The limit of a code or data segment as it is written, 20 bits.
    public long limit() {
        return (b() & 0xF_0000L) | (a() & 0xFFFF);
    }

    /// The target selector of a gate.
    public int selector() {
        return (int) (a() >> 16);
    }
}
