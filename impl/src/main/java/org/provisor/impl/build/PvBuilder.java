// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.build;

import org.provisor.impl.abi.DomainIds;
import org.provisor.impl.abi.HypercallNumbers;
import org.provisor.impl.abi.SharedInfoLayout;
import org.provisor.impl.abi.StartInfoLayout;
import org.provisor.impl.bits.Addresses;
import org.provisor.impl.bits.Pte;
import org.provisor.impl.hypercall.HypercallTable;
import org.provisor.impl.hypercall.Registers;
import org.provisor.impl.memory.FrameAllocator;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.GuestMemory;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Builds a domain: memory, page tables, start information, the stubs of hypercalls.
///
/// Tables are written as plain memory and then pinned by a hypercall in the domain's name, so that
/// what holds for page tables is checked and counted by the one place that does so.
///
/// @xen xen/arch/x86/pv/dom0_build.c, dom0_construct_pv
public final class PvBuilder {

    private static final long TABLE_FLAGS =
            Pte.PRESENT | Pte.RW | Pte.USER | Pte.ACCESSED | Pte.DIRTY;
    private static final long READ_ONLY_FLAGS =
            Pte.PRESENT | Pte.USER | Pte.ACCESSED | Pte.GUEST_KERNEL;

    private static final int STUB_BYTES = 32;
    private static final int STUB_IRET = 23;
    private static final int INT3 = 0xCC;

    private static final int MAGIC_BYTES = 32;
    private static final int COMMAND_LINE_BYTES = 1024;
    private static final int PRIVILEGED = 1;
    private static final int FIRST_DOMAIN = 1 << 1;
    private static final int MODULE_BY_PAGE = 1 << 3;

    private static final int VCPU_INFOS = 32;

    private static final int PIN_L4_TABLE = 3;
    private static final int NEW_BASEPTR = 5;
    private static final long OPERATIONS = 0x1000;

    private final Host host;
    private final MachineMemory memory;
    private final PvKernel kernel;
    private final PvLayout layout;
    private final Domain domain;
    private final long[] frames;

    /// The page that is to be the next table, and the first that is none.
    private long nextTable;

    private long lastTable;

    /// What a new domain starts with.
    ///
    /// @param entry where
    /// @param stack the stack pointer
    /// @param startInfo the linear address of `start_info`
    public record Start(Domain domain, long entry, long stack, long startInfo) {}

    private PvBuilder(
            final Host host, final PvKernel kernel, final PvLayout layout, final Domain domain) {
        this.host = host;
        memory = host.memory();
        this.kernel = kernel;
        this.layout = layout;
        this.domain = domain;
        frames = new long[Math.toIntExact(layout.pages)];
    }

    /// Builds a domain with one vCPU, which runs on processor 0.
    ///
    /// @param config which domain
    /// @param pages how many frames it is given, at most as many as it may have
    /// @param module a file for the kernel, empty for none
    /// @param commandLine at most 1023 bytes of it are passed on
    /// @throws BadImageException if the kernel does not fit into the domain's memory
    /// @throws IllegalArgumentException if the machine has too few frames
    public static Start build(
            final Host host,
            final Domain.Config config,
            final long pages,
            final PvKernel kernel,
            final byte[] module,
            final String commandLine)
            throws BadImageException {
        final PvLayout layout = new PvLayout(kernel, module.length, pages);
        checkHypercallPage(kernel, layout);
        final Domain domain = host.create(config);
        domain.vcpu(0).runOn(0);
        return new PvBuilder(host, kernel, layout, domain).build(module, commandLine);
    }

    private static void checkHypercallPage(final PvKernel kernel, final PvLayout layout)
            throws BadImageException {
        final long page = kernel.hypercallPage();
        if (page != PvKernel.UNSET && (page - layout.base < 0 || page - layout.end >= 0)) {
            throw new BadImageException(
                    "HYPERCALL_PAGE is outside the domain's memory: 0x%x".formatted(page));
        }
    }

    private Start build(final byte[] module, final String commandLine) {
        final long shared = given(host.share(domain));
        for (int page = 0; page < frames.length; page++) {
            frames[page] = given(host.give(domain));
        }
        // As far as they follow each other, so do the pages.
        Arrays.sort(frames);
        for (int page = 0; page < frames.length; page++) {
            host.number(frames[page], page);
        }
        for (final ElfImage.Segment segment : kernel.image().segments()) {
            final long at = kernel.linear(segment) - layout.base;
            copy(at, kernel.image().bytes(), segment.offset(), segment.fileBytes());
        }
        copy(layout.module << Addresses.PAGE_SHIFT, module, 0, module.length);
        if (kernel.hypercallPage() != PvKernel.UNSET) {
            stubs(kernel.hypercallPage() - layout.base);
        }
        for (int page = 0; page < frames.length; page++) {
            setWord((layout.frameListPage << Addresses.PAGE_SHIFT) + 8L * page, frames[page]);
        }
        tables();
        startInfo(shared, module.length, commandLine);
        for (int vcpu = 0; vcpu < VCPU_INFOS; vcpu++) {
            final long at = (long) vcpu * SharedInfoLayout.VCPU_INFO_BYTES;
            memory.store(
                    (shared << Addresses.PAGE_SHIFT) + at + SharedInfoLayout.UPCALL_MASK, 1, 1);
        }
        start(frames[page(layout.tables)]);
        return new Start(domain, kernel.entry(), layout.stackEnd, layout.startInfo);
    }

    private static long given(final long mfn) {
        if (mfn == FrameAllocator.NONE) {
            throw new IllegalArgumentException("the machine has too few frames for the domain");
        }
        return mfn;
    }

    // Contents, by offset from the domain's first page.

    private long machine(final long offset) {
        return frames[(int) (offset >>> Addresses.PAGE_SHIFT)] << Addresses.PAGE_SHIFT
                | (offset & Addresses.PAGE_OFFSET);
    }

    private int page(final long linear) {
        return (int) ((linear - layout.base) >>> Addresses.PAGE_SHIFT);
    }

    private void setWord(final long offset, final long value) {
        memory.setWord(machine(offset), value);
    }

    private void copy(final long to, final byte[] bytes, final long from, final long count) {
        final MemorySegment source = MemorySegment.ofArray(bytes);
        long done = 0;
        while (done < count) {
            final long at = to + done;
            final long part =
                    Math.min(count - done, Addresses.PAGE_SIZE - (at & Addresses.PAGE_OFFSET));
            MemorySegment.copy(source, from + done, memory.segment(), machine(at), part);
            done += part;
        }
    }

    /// The stubs call by `syscall` and keep what that destroys; the one of `iret` does not return.
    ///
    /// @xen xen/arch/x86/pv/hypercall.c, hypercall_page_initialise_ring3_kernel
    private void stubs(final long offset) {
        final MemorySegment page =
                memory.segment().asSlice(machine(offset), Addresses.PAGE_SIZE).fill((byte) INT3);
        for (int number = 0; number < Addresses.PAGE_SIZE / STUB_BYTES; number++) {
            final byte[] stub =
                    number == STUB_IRET
                            // push %rcx; push %r11; push %rax; mov $23,%eax; syscall
                            ? bytes(0x51, 0x41, 0x53, 0x50, 0xB8, number, 0, 0, 0, 0x0F, 0x05)
                            // push %rcx; push %r11; mov; syscall; pop %r11; pop %rcx; ret
                            : bytes(
                                    0x51, 0x41, 0x53, 0xB8, number, 0, 0, 0, 0x0F, 0x05, 0x41, 0x5B,
                                    0x59, 0xC3);
            final int at = number * STUB_BYTES;
            MemorySegment.copy(stub, 0, page, ValueLayout.JAVA_BYTE, at, stub.length);
        }
    }

    private static byte[] bytes(final int... values) {
        final byte[] all = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            all[i] = (byte) values[i];
        }
        return all;
    }

    // Page tables.

    private void tables() {
        nextTable = page(layout.tables);
        lastTable = nextTable + layout.tablePages;
        final long root = frames[(int) nextTable++];
        final long count = (layout.end - layout.base) >>> Addresses.PAGE_SHIFT;
        final long readOnlyFrom = page(layout.tables);
        for (long page = 0; page < count; page++) {
            final boolean table = page >= readOnlyFrom && page < lastTable;
            map(
                    root,
                    layout.base + (page << Addresses.PAGE_SHIFT),
                    frames[(int) page],
                    table ? READ_ONLY_FLAGS : READ_ONLY_FLAGS | Pte.RW);
        }
        if (layout.frameListApart) {
            nextTable = layout.firstSpare;
            lastTable = layout.pages;
            for (long i = 0; i < layout.frameListPages; i++) {
                map(
                        root,
                        layout.frameList + (i << Addresses.PAGE_SHIFT),
                        frames[(int) (layout.frameListPage + i)],
                        READ_ONLY_FLAGS | Pte.RW);
            }
        }
    }

    /// Maps a page. Of the tables that are missing for it, that of the lowest level comes first.
    private void map(final long root, final long linear, final long mfn, final long flags) {
        long table = root;
        int level = 4;
        while (level > 1 && (memory.word(entry(table, linear, level)) & Pte.PRESENT) != 0) {
            table = Pte.mfn(memory.word(entry(table, linear, level)));
            level--;
        }
        final long missing = level - 1L;
        if (nextTable + missing > lastTable) {
            throw new IllegalStateException("too few pages for tables");
        }
        nextTable += missing;
        for (int below = 1; level > 1; below++, level--) {
            final long frame = frames[(int) nextTable - below];
            final long at = entry(table, linear, level);
            memory.setWord(at, frame << Addresses.PAGE_SHIFT | TABLE_FLAGS);
            table = frame;
        }
        memory.setWord(entry(table, linear, 1), mfn << Addresses.PAGE_SHIFT | flags);
    }

    private static long entry(final long table, final long linear, final int level) {
        return (table << Addresses.PAGE_SHIFT) + ((long) Addresses.slot(linear, level) << 3);
    }

    // Start information.

    private void startInfo(final long shared, final long moduleBytes, final String commandLine) {
        final long at = layout.startInfo - layout.base;
        final byte[] magic = "xen-3.0-x86_64".getBytes(StandardCharsets.US_ASCII);
        copy(at + StartInfoLayout.MAGIC, magic, 0, Math.min(magic.length, MAGIC_BYTES - 1));
        setWord(at + StartInfoLayout.NR_PAGES, layout.pages);
        setWord(at + StartInfoLayout.SHARED_INFO, shared << Addresses.PAGE_SHIFT);
        final boolean byPage = layout.modulePages > 0 && !layout.moduleMapped;
        setWord(
                at + StartInfoLayout.FLAGS,
                (domain.control() ? PRIVILEGED | FIRST_DOMAIN : 0) | (byPage ? MODULE_BY_PAGE : 0));
        setWord(at + StartInfoLayout.PT_BASE, layout.tables);
        setWord(at + StartInfoLayout.NR_PT_FRAMES, layout.tablePages);
        setWord(at + StartInfoLayout.MFN_LIST, layout.frameList);
        if (layout.modulePages > 0) {
            setWord(
                    at + StartInfoLayout.MOD_START,
                    byPage ? layout.module : layout.base + (layout.module << Addresses.PAGE_SHIFT));
            setWord(at + StartInfoLayout.MOD_LEN, moduleBytes);
        }
        final byte[] line = commandLine.getBytes(StandardCharsets.UTF_8);
        copy(at + StartInfoLayout.CMD_LINE, line, 0, Math.min(line.length, COMMAND_LINE_BYTES - 1));
        if (layout.frameListApart) {
            setWord(at + StartInfoLayout.FIRST_P2M_PFN, layout.frameListPage);
            setWord(at + StartInfoLayout.NR_P2M_FRAMES, nextTable - layout.frameListPage);
        }
    }

    // The root.

    /// Pins the root and has the vCPU use it.
    private void start(final long root) {
        final Vcpu vcpu = domain.vcpu(0);
        vcpu.setGuestMemory(new Operations(root));
        final Registers registers = new Registers();
        registers.rax = HypercallNumbers.MMUEXT_OP;
        registers.rdi = OPERATIONS;
        registers.rsi = 2;
        registers.r10 = DomainIds.SELF;
        do {
            HypercallTable.call(vcpu, registers);
        } while (vcpu.continued());
        if (registers.rax != 0) {
            throw new IllegalStateException("the tables were refused: " + registers.rax);
        }
    }

    /// Two operations of `mmuext_op`, as the domain's kernel would have them in its memory.
    private record Operations(long root) implements GuestMemory {

        @Override
        public boolean read(final long linear, final long[] to, final int bytes) {
            for (int done = 0; done < bytes; done += Long.BYTES) {
                to[done >>> 3] =
                        switch ((int) (linear + done - OPERATIONS)) {
                            case 0 -> PIN_L4_TABLE;
                            case 24 -> NEW_BASEPTR;
                            case 8, 32 -> root;
                            default -> 0;
                        };
            }
            return true;
        }

        @Override
        public boolean writable(final long linear, final int bytes) {
            return false;
        }

        @Override
        public boolean write(final long linear, final long value, final int bytes) {
            return false;
        }
    }
}
