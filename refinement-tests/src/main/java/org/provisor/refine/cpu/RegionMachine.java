// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.bits.Addresses;
import org.provisor.impl.bits.Pte;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Engine;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.paging.DirectMemory;
import org.provisor.impl.paging.PageWalker;
import org.provisor.impl.tlb.TlbSet;

/// A processor with real page tables, on which regions run: one of the two that are compared.
///
/// There are two address spaces, laid out as [NativeArea] says: two pages of code, which can be
/// written; two of data, and one that can only be read. In the second the two pages of code are
/// exchanged, and the data is the same. Both have the first page of code once more, under another
/// address, without the right to fetch from there.
final class RegionMachine implements AutoCloseable {

    static final int FRAMES = 24;
    static final long AREA = 0x1000_0000;
    static final long CODE = AREA + NativeArea.CODE;
    static final int CODE_BYTES = 2 * Addresses.PAGE_SIZE;
    static final long DATA = AREA + NativeArea.DATA;
    static final int DATA_BYTES = 3 * Addresses.PAGE_SIZE;

    /// The first page of code, where it can be written.
    static final long ALIAS = AREA + NativeArea.CODE + NativeArea.CODE_BYTES - NativeArea.PAGE;

    private static final long CODE_FRAME = 1;
    private static final long DATA_FRAME = 4;

    /// The tables of the first root; those of the second follow.
    private static final long TABLES = 8;

    private static final long TABLE = Pte.PRESENT | Pte.RW | Pte.USER | Pte.ACCESSED;
    private static final long DATA_PAGE = Pte.PRESENT | Pte.RW | Pte.USER | Pte.NX;

    private final MachineMemory memory = MachineMemory.ofFrames(FRAMES);
    private final TlbSet tlbs = new TlbSet(1);
    private final CpuState state = new CpuState();
    private final DirectMemory direct =
            new DirectMemory(state, memory, tlbs.of(0), new PageWalker(memory, 46));
    private final Engine engine;

    RegionMachine(final Engine engine) {
        this.engine = engine;
        for (int space = 0; space < 2; space++) {
            long table = root(space);
            for (int level = 4; level > 1; level--) {
                memory.setWord(
                        slot(table, AREA, level), (table + 1) << Addresses.PAGE_SHIFT | TABLE);
                table++;
            }
        }
        forgetUse();
    }

    private static long root(final int space) {
        return TABLES + 4L * space;
    }

    private static long slot(final long table, final long linear, final int level) {
        return (table << Addresses.PAGE_SHIFT) + 8L * Addresses.slot(linear, level);
    }

    /// Writes all entries of pages anew: none has been used, except those of code.
    void forgetUse() {
        for (int space = 0; space < 2; space++) {
            final long table = root(space) + 3;
            final long used = TABLE | Pte.DIRTY;
            for (int page = 0; page < 2; page++) {
                map(table, CODE + page * NativeArea.PAGE, CODE_FRAME + (page ^ space), used);
            }
            map(table, ALIAS, CODE_FRAME, DATA_PAGE);
            map(table, DATA, DATA_FRAME, DATA_PAGE);
            map(table, DATA + NativeArea.PAGE, DATA_FRAME + 1, DATA_PAGE);
            map(table, DATA + 2 * NativeArea.PAGE, DATA_FRAME + 2, DATA_PAGE & ~Pte.RW);
        }
        tlbs.flush(1);
    }

    private void map(final long table, final long linear, final long frame, final long flags) {
        memory.setWord(slot(table, linear, 1), frame << Addresses.PAGE_SHIFT | flags);
    }

    /// Forgets the translation of one address.
    void flushPage(final long linear) {
        tlbs.flushPage(1, linear);
    }

    /// Uses one of the two address spaces.
    void use(final int space) {
        direct.setRoot(root(space));
    }

    CpuState state() {
        return state;
    }

    Engine engine() {
        return engine;
    }

    int run(final long limit) {
        return engine.run(state, direct, limit);
    }

    /// The code, as it is at [#CODE] in the first address space.
    void writeCode(final byte[] code) {
        memory.copyIn(CODE_FRAME << Addresses.PAGE_SHIFT, code, 0, Addresses.PAGE_SIZE);
        memory.copyIn(
                (CODE_FRAME + 1) << Addresses.PAGE_SHIFT,
                code,
                Addresses.PAGE_SIZE,
                Addresses.PAGE_SIZE);
    }

    /// Writes all of the data.
    void writeData(final byte[] data) {
        for (int page = 0; page < 3; page++) {
            memory.copyIn(
                    (DATA_FRAME + page) << Addresses.PAGE_SHIFT,
                    data,
                    page * Addresses.PAGE_SIZE,
                    Addresses.PAGE_SIZE);
        }
    }

    void readData(final byte[] data) {
        for (int page = 0; page < 3; page++) {
            memory.copyOut(
                    (DATA_FRAME + page) << Addresses.PAGE_SHIFT,
                    data,
                    page * Addresses.PAGE_SIZE,
                    Addresses.PAGE_SIZE);
        }
    }

    void setDataWord(final int offset, final long value) {
        memory.store((DATA_FRAME << Addresses.PAGE_SHIFT) + offset, 8, value);
    }

    /// Where the memories of two machines differ first; -1 if they do not.
    long mismatch(final RegionMachine other) {
        return memory.segment().mismatch(other.memory.segment());
    }

    long word(final long place) {
        return memory.word(place & -8);
    }

    @Override
    public void close() {
        memory.close();
    }
}
