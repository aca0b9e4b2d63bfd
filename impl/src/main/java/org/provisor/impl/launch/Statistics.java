// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

import org.provisor.impl.abi.HypercallNumbers;

/// What a guest has done so far.
public final class Statistics {

    private final long[] hypercalls = new long[HypercallNumbers.END + 1];
    private final long[] exceptions = new long[256];

    private long firstHypercall = -1;

    long instructions;
    long tableWrites;
    long emulated;
    long walks;
    long reads;
    long faultingWalks;
    boolean translated;
    long regions;
    long translatedInstructions;
    long evictions;
    long overwritten;

    Statistics() {}

    void hypercall(final long number, final Clock clock) {
        if (firstHypercall < 0) {
            firstHypercall = clock.nanos();
        }
        final boolean known = number >= 0 && number < HypercallNumbers.END;
        hypercalls[known ? (int) number : HypercallNumbers.END]++;
    }

    /// Adds what another vCPU has done.
    void add(final Statistics other) {
        if (firstHypercall < 0
                || (other.firstHypercall >= 0 && other.firstHypercall < firstHypercall)) {
            firstHypercall = other.firstHypercall;
        }
        for (int i = 0; i < hypercalls.length; i++) {
            hypercalls[i] += other.hypercalls[i];
        }
        for (int i = 0; i < exceptions.length; i++) {
            exceptions[i] += other.exceptions[i];
        }
        instructions += other.instructions;
        tableWrites += other.tableWrites;
        emulated += other.emulated;
        walks += other.walks;
        reads += other.reads;
        faultingWalks += other.faultingWalks;
        translated |= other.translated;
        regions += other.regions;
        translatedInstructions += other.translatedInstructions;
        evictions += other.evictions;
        overwritten += other.overwritten;
    }

    void exception(final int vector) {
        exceptions[vector]++;
    }

    /// Instructions carried out, each iteration of a repeated one counted.
    public long instructions() {
        return instructions;
    }

    /// When the first hypercall was made, or -1.
    public long firstHypercall() {
        return firstHypercall;
    }

    /// How often a hypercall was made; [HypercallNumbers#END] is all that no hypercall has.
    public long hypercalls(final int number) {
        return hypercalls[number];
    }

    public long hypercalls() {
        long all = 0;
        for (final long count : hypercalls) {
            all += count;
        }
        return all;
    }

    /// How often an exception was passed on to the guest's kernel.
    public long exceptions(final int vector) {
        return exceptions[vector];
    }

    /// Writes to page tables that were carried out in the guest's stead.
    public long tableWrites() {
        return tableWrites;
    }

    /// Other instructions that were.
    public long emulated() {
        return emulated;
    }

    /// Walks of page tables that came to a translation.
    public long walks() {
        return walks;
    }

    /// How many entries those read.
    public long reads() {
        return reads;
    }

    /// Walks that came to a fault.
    public long faultingWalks() {
        return faultingWalks;
    }

    /// Whether there is a translator, which the following is about.
    public boolean isTranslated() {
        return translated;
    }

    /// Regions that were translated.
    public long regions() {
        return regions;
    }

    /// Instructions in them.
    public long translatedInstructions() {
        return translatedInstructions;
    }

    /// Regions that had to make room.
    public long evictions() {
        return evictions;
    }

    /// Regions whose bytes were written to.
    public long overwritten() {
        return overwritten;
    }
}
