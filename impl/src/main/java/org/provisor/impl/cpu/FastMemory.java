// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.cpu;

import java.lang.foreign.MemorySegment;

/// Memory that an engine may reach without asking: where a page has been found once, an entry says
/// so, and generated code looks at entries itself.
///
/// An entry is two longs, a tag and a distance; that of an address is at place [`address >>> 11 &
/// MASK`][#MASK]. The tag is [#space] `| address >>> 12`, and what the entry is for lies in
/// [#everywhere] at `address + distance`. Who compares the tag with that of the *last* byte of an
/// access finds out at the same time that it does not cross a page.
///
/// ```
///   63       52 51                                 0
///  +-----------+------------------------------------+
///  |   space   |  linear address >>> 12             |   tag
///  +-----------+------------------------------------+
/// ```
///
/// There are entries for pages that may be read, and for pages that may be written, are dirty and
/// hold no watched code. They may go at any time while the memory is asked, and at no other.
public interface FastMemory extends LinearMemory {

    /// How many entries there are of each kind.
    int ENTRIES = 1 << 14;

    /// See above.
    int MASK = 2 * (ENTRIES - 1);

    /// The entries of pages that may be read; always the same array.
    long[] readEntries();

    /// The entries of pages that may be written.
    long[] writeEntries();

    /// The whole address space of the process.
    MemorySegment everywhere();

    /// The address space that is used now, in the bits in which tags have it.
    long space();

    /// A number that is another one whenever code may be somewhere else than it was: for another
    /// address space, and after each flush that matters.
    ///
    /// @param space the one that is used now
    long mappings(long space);

    /// Loads, and keeps an entry.
    long loadAndKeep(long address, int bytes);

    /// Loads what will be stored to, and keeps an entry.
    long loadForWriteAndKeep(long address, int bytes);

    /// Stores, and keeps an entry.
    void storeAndKeep(long address, int bytes, long value);

    /// The frame from which the byte at `address` is fetched; -1 if it may not be, or if there is
    /// no memory.
    long codeFrame(long address);

    /// Who is told of writes to frames that are watched.
    void setCodeWatcher(CodeWatcher watcher);

    /// Watches a frame, of which it matters what is written to some lines of 64 bytes.
    ///
    /// @param lines a bit for each
    /// @return whether somebody may have written to them just now without being noticed: what was
    ///   read of them does not count
    boolean watchCode(long frame, long lines);

    /// Whether other threads use the memory at the same time: accesses have to be seen in the order
    /// in which the processor lets others see them.
    boolean isShared();

    /// A word; if it is not 0, as [#isDisturbed] has it, whoever runs the engine wants it to stop
    /// soon. Always the same array.
    long[] attention();

    /// Whether such a word is not 0.
    static boolean isDisturbed(final long[] attention) {
        return (long) Attention.WORD.getOpaque(attention, 0) != 0;
    }
}
