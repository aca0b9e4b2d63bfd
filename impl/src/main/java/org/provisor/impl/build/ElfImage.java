// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.build;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// An executable file for 64-bit x86, its structure checked: whatever it says of the file lies
/// within the file.
///
///     offset  bytes                       offset  bytes
///      0      4   7f 'E' 'L' 'F'            0     4   type       of a program header
///      4      1   class, 2: 64 bits         4     4   flags
///      5      1   data, 1: little-endian    8     8   offset     in the file
///     18      2   machine, 62: x86-64      16     8   virtual address
///     24      8   entry                    24     8   physical address
///     32      8   program headers, where   32     8   size in the file
///     40      8   section headers, where   40     8   size in memory
///     54      2   program header size      48     8   alignment
///     56      2   how many                 56
///     58      2   section header size
///     60      2   how many
///     64
///
/// @source System V ABI, "ELF Header", "Program Header", "Note Section"
final class ElfImage {

    private static final ValueLayout.OfShort HALF =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt WORD =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong XWORD =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int HEADER_BYTES = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int NOTE_HEADER_BYTES = 12;
    private static final int MAGIC = 0x464C_457F;
    private static final int CLASS_64 = 2;
    private static final int LITTLE = 1;
    private static final int X86_64 = 62;
    private static final int LOAD = 1;
    private static final int NOTE = 4;
    private static final int SECTION_NOTE = 7;

    /// More would be no kernel.
    private static final int MAX_NOTES = 1 << 12;

    /// A part of the file to be loaded.
    ///
    /// @param at the header that says so: a byte of the file
    /// @param offset where it is in the file
    /// @param address the physical address
    /// @param fileBytes how much of it is in the file
    /// @param memoryBytes how much room it takes, the rest zero
    record Segment(long at, long offset, long address, long fileBytes, long memoryBytes) {

        long end() {
            return address + memoryBytes;
        }
    }

    /// A note.
    ///
    /// @param at where its contents are in the file
    record Note(String owner, int type, long at, int bytes) {}

    private final byte[] bytes;
    private final MemorySegment file;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();

    /// Reads the structure of a file.
    ElfImage(final byte[] bytes) throws BadImageException {
        this.bytes = bytes;
        file = MemorySegment.ofArray(bytes);
        header();
        programHeaders();
        if (notes.isEmpty()) {
            sectionHeaders();
        }
        if (segments.isEmpty()) {
            throw new BadImageException("the ELF file has no segment to load");
        }
        segments.sort((a, b) -> Long.compareUnsigned(a.address, b.address));
        for (int i = 1; i < segments.size(); i++) {
            final long before = segments.get(i - 1).end();
            if (Long.compareUnsigned(segments.get(i).address, before) < 0) {
                throw new BadImageException(
                        "the segment at 0x%x overlaps the one that ends at 0x%x"
                                .formatted(segments.get(i).address, before),
                        segments.get(i).at);
            }
        }
    }

    /// What is to be loaded, by rising address; none overlaps another.
    List<Segment> segments() {
        return segments;
    }

    List<Note> notes() {
        return notes;
    }

    long entry() {
        return xword(24);
    }

    byte[] bytes() {
        return bytes;
    }

    /// The number that a note holds, of at most 8 bytes.
    long number(final Note note) {
        return number(note.at, Math.min(note.bytes, Long.BYTES));
    }

    /// The n-th number of 4 bytes that a note holds, or 0.
    int word(final Note note, final int n) {
        final int from = n * Integer.BYTES;
        return from + Integer.BYTES <= note.bytes ? (int) number(note.at + from, 4) : 0;
    }

    /// The text that a note holds, without the zero at its end.
    String text(final Note note) {
        return text(note.at, note.bytes);
    }

    private String text(final long at, final int most) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < most && bytes[(int) at + i] != 0; i++) {
            text.append((char) (bytes[(int) at + i] & 0xFF));
        }
        return text.toString();
    }

    private long number(final long at, final int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << Byte.SIZE | (bytes[(int) at + i] & 0xFF);
        }
        return value;
    }

    private long xword(final long at) {
        return file.get(XWORD, at);
    }

    private int word(final long at) {
        return file.get(WORD, at);
    }

    private int half(final long at) {
        return file.get(HALF, at) & 0xFFFF;
    }

    private void header() throws BadImageException {
        if (bytes.length < Integer.BYTES || word(0) != MAGIC) {
            throw new BadImageException("not an ELF file", 0);
        }
        if (bytes.length < HEADER_BYTES) {
            throw new BadImageException("the ELF header is cut off", bytes.length);
        }
        if (bytes[4] != CLASS_64) {
            throw new BadImageException("not a 64-bit ELF file: class " + (bytes[4] & 0xFF), 4);
        }
        if (bytes[5] != LITTLE) {
            throw new BadImageException("not little-endian: data " + (bytes[5] & 0xFF), 5);
        }
        if (half(18) != X86_64) {
            throw new BadImageException("not for x86-64: machine " + half(18), 18);
        }
    }

    /// Checks that the file has so many headers of a kind.
    private void inFile(final String what, final long at, final int size, final int count)
            throws BadImageException {
        if (!within(at, (long) size * count)) {
            throw new BadImageException(
                    "the file ends before its %d %s headers do".formatted(count, what), at);
        }
    }

    private boolean within(final long at, final long count) {
        return at >= 0 && count >= 0 && at <= bytes.length && count <= bytes.length - at;
    }

    private void programHeaders() throws BadImageException {
        final long first = xword(32);
        final int size = half(54);
        final int count = half(56);
        if (count != 0 && size < PROGRAM_HEADER_BYTES) {
            throw new BadImageException("program headers of " + size + " bytes", 54);
        }
        if (count != 0) {
            inFile("program", first, size, count);
        }
        for (int i = 0; i < count; i++) {
            final long at = first + (long) i * size;
            final int type = word(at);
            if (type == LOAD) {
                segment(at);
            } else if (type == NOTE) {
                notes(xword(at + 8), xword(at + 32), at);
            }
        }
    }

    private void segment(final long at) throws BadImageException {
        final Segment segment =
                new Segment(at, xword(at + 8), xword(at + 24), xword(at + 32), xword(at + 40));
        if (segment.memoryBytes == 0) {
            return;
        }
        if (!within(segment.offset, segment.fileBytes)) {
            throw new BadImageException("the file ends before a segment does", at);
        }
        if (Long.compareUnsigned(segment.memoryBytes, segment.fileBytes) < 0) {
            throw new BadImageException("a segment is larger in the file than in memory", at);
        }
        if (Long.compareUnsigned(segment.end(), segment.address) < 0) {
            throw new BadImageException("a segment's addresses wrap around", at);
        }
        segments.add(segment);
    }

    private void sectionHeaders() throws BadImageException {
        final long first = xword(40);
        final int size = half(58);
        final int count = half(60);
        if (count == 0) {
            return;
        }
        if (size < SECTION_HEADER_BYTES) {
            throw new BadImageException("section headers of " + size + " bytes", 58);
        }
        inFile("section", first, size, count);
        for (int i = 0; i < count; i++) {
            final long at = first + (long) i * size;
            if (word(at + 4) == SECTION_NOTE) {
                notes(xword(at + 24), xword(at + 32), at);
            }
        }
    }

    private void notes(final long first, final long count, final long header)
            throws BadImageException {
        if (!within(first, count)) {
            throw new BadImageException("the file ends before its notes do", header);
        }
        final long end = first + count;
        long at = first;
        while (end - at >= NOTE_HEADER_BYTES) {
            final long nameBytes = word(at) & 0xFFFF_FFFFL;
            final long contentBytes = word(at + 4) & 0xFFFF_FFFFL;
            final long content = at + NOTE_HEADER_BYTES + padded(nameBytes);
            if (content + contentBytes > end || notes.size() == MAX_NOTES) {
                throw new BadImageException("a note does not end where the notes do", at);
            }
            notes.add(
                    new Note(
                            text(at + NOTE_HEADER_BYTES, (int) nameBytes),
                            word(at + 8),
                            content,
                            (int) contentBytes));
            at = content + padded(contentBytes);
        }
    }

    private static long padded(final long count) {
        return count + 3 & ~3L;
    }
}
