// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.build;

import org.provisor.impl.bits.Addresses;

/// Where the parts of a new domain are, by linear address, one behind the other from the kernel's
/// VIRT_BASE on:
///
///     kernel | module | list of frames | start information | page tables | stack | room, to 4 MiB
///
/// The page of the domain with number n is mapped at VIRT_BASE + 4096 n. A module that is not to be
/// mapped, and a list of frames that is to be mapped elsewhere, have the numbers behind all this.
///
/// @xen xen/arch/x86/pv/dom0_build.c, dom0_construct_pv
final class PvLayout {

    /// The sizes of `start_info`.
    private static final int START_INFO_BYTES = 0x490;

    private static final int LEVEL_2_SHIFT = 21;
    private static final int LEVEL_3_SHIFT = 30;
    private static final int LEVEL_4_SHIFT = 39;
    private static final long ROUND = 1L << 22;
    private static final long ROOM = 512L << 10;

    final long base;

    /// Of the domain, in all.
    final long pages;

    final long module;
    final long modulePages;
    final boolean moduleMapped;

    /// Where the list of frames is, and the first page that it takes.
    final long frameList;

    final long frameListPage;
    final long frameListPages;
    final boolean frameListApart;

    final long startInfo;
    final long tables;
    final long tablePages;
    final long stackEnd;
    final long end;

    /// The first page number that is not used yet.
    final long firstSpare;

    /// Lays out a domain.
    ///
    /// @param pages how many pages it has
    /// @throws BadImageException if it has no room, or would be where no guest can be
    PvLayout(final PvKernel kernel, final long moduleBytes, final long pages)
            throws BadImageException {
        this.pages = pages;
        base = kernel.base();
        final long most = pages << Addresses.PAGE_SHIFT;
        final long kernelBytes = kernel.end() - base;
        if (kernelBytes > most || moduleBytes > most) {
            throw tooSmall(kernelBytes);
        }
        modulePages = pages(moduleBytes);
        moduleMapped = modulePages > 0 && !kernel.moduleUnmapped();
        frameListApart = kernel.frameList() != PvKernel.UNSET;
        frameListPages = pages(pages * Long.BYTES);
        long next = round(kernelBytes);
        long moduleAt = 0;
        if (moduleMapped) {
            moduleAt = next;
            next += modulePages << Addresses.PAGE_SHIFT;
        }
        long listAt = 0;
        if (!frameListApart) {
            listAt = next;
            next += frameListPages << Addresses.PAGE_SHIFT;
        }
        startInfo = base + next;
        next = round(next + START_INFO_BYTES);
        tables = base + next;
        long count = 2;
        while (needed(base, end(next, count)) > count) {
            count++;
        }
        tablePages = count;
        stackEnd = base + next + ((count + 1) << Addresses.PAGE_SHIFT);
        end = end(next, count);
        long spare = (end - base) >>> Addresses.PAGE_SHIFT;
        module = moduleMapped || modulePages == 0 ? moduleAt >>> Addresses.PAGE_SHIFT : spare;
        spare += moduleMapped ? 0 : modulePages;
        frameList = frameListApart ? kernel.frameList() : base + listAt;
        frameListPage = frameListApart ? spare : listAt >>> Addresses.PAGE_SHIFT;
        // Tables that lead to it: as many as can be needed, and one more a level.
        final long leading = frameListApart ? frameListPages / 512 + 2 + 2 + 2 : 0;
        firstSpare = spare + (frameListApart ? frameListPages : 0);
        if (firstSpare + leading > pages) {
            throw tooSmall((firstSpare + leading) << Addresses.PAGE_SHIFT);
        }
        place("the domain", base, end);
        if (frameListApart) {
            place("INIT_P2M", frameList, frameList + pages * Long.BYTES);
            final long there = round(frameList + pages * Long.BYTES);
            if (frameList - end < 0 && base - there < 0) {
                throw new BadImageException(
                        "INIT_P2M is within the domain's memory: 0x%x".formatted(frameList));
            }
        }
    }

    private BadImageException tooSmall(final long needed) {
        return new BadImageException(
                "it needs at least %,d KiB of memory to start, and has %,d KiB"
                        .formatted(needed >>> 10, pages << 2));
    }

    private static void place(final String what, final long from, final long to)
            throws BadImageException {
        final boolean lower = from >= 0 && to >= from && Addresses.ofGuest(to - 1);
        final boolean upper = from < 0 && to < 0 && to > from && Addresses.ofGuest(from);
        if (!lower && !upper) {
            throw new BadImageException(
                    "%s would be from 0x%x to 0x%x, where no guest can be"
                            .formatted(what, from, to));
        }
    }

    private long end(final long tablesAt, final long count) {
        final long stack = base + tablesAt + ((count + 1) << Addresses.PAGE_SHIFT);
        final long rounded = stack + ROUND - 1 & -ROUND;
        return rounded - stack < ROOM ? rounded + ROUND : rounded;
    }

    private static long needed(final long from, final long to) {
        return 1
                + spans(from, to, LEVEL_4_SHIFT)
                + spans(from, to, LEVEL_3_SHIFT)
                + spans(from, to, LEVEL_2_SHIFT);
    }

    private static long spans(final long from, final long to, final int shift) {
        return ((to - 1) >> shift) - (from >> shift) + 1;
    }

    private static long pages(final long bytes) {
        return round(bytes) >>> Addresses.PAGE_SHIFT;
    }

    private static long round(final long bytes) {
        return bytes + Addresses.PAGE_OFFSET & ~Addresses.PAGE_OFFSET;
    }
}
