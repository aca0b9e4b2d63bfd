// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.build.PvBuilder;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.FrameTable;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.PageType;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.impl.tlb.TlbSet;

import java.util.Arrays;

/// Where things are in a new domain, as Xen 4.17 said on its console when it started the same
/// kernel with 256 MiB.
final class LayoutTest {

    private static final long PAGES = 65536;
    private static final long MACHINE = PAGES + 400;
    private static final long BASE = 0xFFFF_FFFF_8000_0000L;

    private final MachineMemory memory = MachineMemory.ofFrames(MACHINE);
    private final Host host =
            new Host(memory, new FlushClock(1, new TlbSet(1)), Host.Options.XEN_4_17);

    private PvBuilder.Start build(final byte[] kernel, final byte[] module) throws Exception {
        return PvBuilder.build(
                host,
                new Domain.Config(0, true, true, PAGES, 1, null, true, false),
                PAGES,
                new PvKernel(kernel),
                module,
                "a line");
    }

    /// A word of a new domain's memory, by linear address.
    private long word(final PvBuilder.Start start, final long linear) {
        long table = start.domain().vcpu(0).root() << Addresses.PAGE_SHIFT;
        for (int level = 4; level > 0; level--) {
            final long at = table + ((long) Addresses.slot(linear, level) << 3);
            table = memory.word(at) & Addresses.PAGE_MASK;
        }
        return memory.word(table | (linear & Addresses.PAGE_OFFSET));
    }

    private long entry(final PvBuilder.Start start, final long linear) {
        long table = start.domain().vcpu(0).root() << Addresses.PAGE_SHIFT;
        for (int level = 4; level > 1; level--) {
            final long at = table + ((long) Addresses.slot(linear, level) << 3);
            if ((memory.word(at) & 1) == 0) {
                return 0;
            }
            table = memory.word(at) & Addresses.PAGE_MASK;
        }
        return memory.word(table + ((long) Addresses.slot(linear, 1) << 3));
    }

    @Test
    void ofHello() throws Exception {
        try (memory) {
            final PvBuilder.Start start = build(Kernels.hello(), new byte[0]);
            assertEquals(0xFFFF_FFFF_8010_0000L, start.entry());
            assertEquals(0xFFFF_FFFF_8018_D000L, start.startInfo());
            assertEquals(0xFFFF_FFFF_8019_4000L, start.stack());
            final long info = start.startInfo();
            assertEquals(0x2d30_2e33_2d6e_6578L, word(start, info), "xen-3.0-");
            assertEquals(PAGES, word(start, info + 0x20));
            assertEquals(start.domain().sharedInfo() << 12, word(start, info + 0x28));
            assertEquals(3, word(start, info + 0x30));
            assertEquals(0xFFFF_FFFF_8018_E000L, word(start, info + 0x58));
            assertEquals(5, word(start, info + 0x60));
            assertEquals(0xFFFF_FFFF_8010_D000L, word(start, info + 0x68));
            assertEquals(0, word(start, info + 0x70));
            pages(start);
            tables(start);
        }
    }

    /// The lists agree, and the last page that is mapped is the last below 4 MiB.
    private void pages(final PvBuilder.Start start) {
        for (long page = 0; page < PAGES; page++) {
            final long mfn = word(start, 0xFFFF_FFFF_8010_D000L + 8 * page);
            assertEquals(page, host.machineToPhysical(mfn));
            final long linear = BASE + (page << 12);
            if (page < 1024) {
                assertEquals(mfn, entry(start, linear) >>> 12 & 0xFF_FFFF_FFFFL);
            }
        }
        assertEquals(0, entry(start, BASE + (1024 << 12)));
    }

    private void tables(final PvBuilder.Start start) {
        final int[] types = new int[5];
        for (int i = 0; i < 5; i++) {
            final long linear = 0xFFFF_FFFF_8018_E000L + ((long) i << 12);
            final long entry = entry(start, linear);
            assertEquals(0, entry & 2, "a table can be written");
            types[i] = FrameTable.typeOf(host.frames().type(entry >>> 12 & 0xFF_FFFF_FFFFL));
        }
        assertArrayEquals(
                new int[] {PageType.L4, PageType.L1, PageType.L2, PageType.L3, PageType.L1},
                types,
                () -> Arrays.toString(types));
        assertEquals(0x0010_0000_0000_0027L, entry(start, BASE) & ~Addresses.PAGE_MASK);
    }

    @Test
    void aModuleIsBehindTheKernel() throws Exception {
        final byte[] module = new byte[5000];
        Arrays.fill(module, (byte) 0x5A);
        try (memory) {
            final PvBuilder.Start start = build(Kernels.hello(), module);
            final long at = word(start, start.startInfo() + 0x70);
            assertEquals(0xFFFF_FFFF_8010_D000L, at);
            assertEquals(5000, word(start, start.startInfo() + 0x78));
            assertEquals(0x5A5A_5A5A_5A5A_5A5AL, word(start, at + 4992));
            assertEquals(0, word(start, at + 5000));
            assertEquals(0xFFFF_FFFF_8010_F000L, word(start, start.startInfo() + 0x68));
        }
    }
}
