// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

import org.provisor.impl.cpu.Slots;
import org.provisor.impl.ir.Segments;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Writes the few pieces of machine code around a snippet, byte by byte.
final class StubCode {

    private static final int RAX = Slots.RAX;
    private static final int RCX = Slots.RCX;
    private static final int RDX = Slots.RDX;

    /// The flags that C code expects: no direction, no alignment checks.
    private static final int ORDINARY_FLAGS = 0x202;

    /// Where the kernel keeps registers in what it gives to a signal handler.
    ///
    /// Linux, arch/x86/include/uapi/asm/sigcontext.h, struct sigcontext_64, behind 40 bytes of
    /// struct ucontext.
    private static final int CONTEXT_RSP = 160;

    private static final int CONTEXT_RIP = 168;

    /// CS, GS, FS and SS, 2 bytes each.
    private static final int CONTEXT_SELECTORS = 184;

    private static final int CONTEXT_ERROR = 192;
    private static final int CONTEXT_TRAP = 200;
    private static final int CONTEXT_CR2 = 216;

    private final MemorySegment memory;
    private long at;

    StubCode(final MemorySegment memory, final long at) {
        this.memory = memory;
        this.at = at;
    }

    void bytes(final int... octets) {
        for (final int octet : octets) {
            memory.set(ValueLayout.JAVA_BYTE, at++, (byte) octet);
        }
    }

    void word(final int value) {
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, at, value);
        at += 4;
    }

    private void address(final long value) {
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
        at += 8;
    }

    /// An instruction with a memory operand at that offset in the area, relative to RIP.
    private void relative(final int rex, final int opcode, final int reg, final long offset) {
        if (rex != 0) {
            bytes(rex);
        }
        if (opcode > 0xff) {
            bytes(opcode >> 8);
        }
        bytes(opcode & 0xff, (reg & 7) << 3 | 5);
        word((int) (offset - (at + 4)));
    }

    private void loadRegister(final int register, final long offset) {
        relative(0x48 | register >> 3 << 2, 0x8b, register, offset);
    }

    private void storeRegister(final int register, final long offset) {
        relative(0x48 | register >> 3 << 2, 0x89, register, offset);
    }

    /// `movups xmm, [offset]` or the other way round.
    private void moveXmm(final boolean load, final int register, final long offset) {
        relative(register >= 8 ? 0x44 : 0, load ? 0x0f10 : 0x0f11, register, offset);
    }

    private static final int[] SAVED = {Slots.RBX, Slots.RBP, 12, 13, 14, 15};

    /// Called as a C function without arguments: loads all registers and goes to the snippet.
    void enter() {
        loadMost();
        for (int i = 0; i < Slots.GENERAL; i++) {
            loadRegister(i, NativeArea.REGISTERS_IN + 8L * i);
        }
        relative(0, 0xff, 4, NativeArea.TARGET);
    }

    /// The same for a snippet of 32-bit code, with the data segments that it finds.
    void enter32() {
        loadMost();
        for (final int register : new int[] {Segments.ES, Segments.SS, Segments.DS, Segments.GS}) {
            relative(0, 0x8e, register, NativeArea.SELECTORS_IN + 2L * register);
        }
        for (int i = 0; i < Slots.GENERAL; i++) {
            loadRegister(i, NativeArea.REGISTERS_IN + 8L * i);
        }
        relative(0, 0xff, 5, NativeArea.FAR_TARGET);
    }

    /// All but general registers.
    private void loadMost() {
        for (final int register : SAVED) {
            push(register);
        }
        storeRegister(Slots.RSP, NativeArea.HOST_STACK);
        relative(0, 0x0fae, 3, NativeArea.HOST_MXCSR);
        relative(0, 0x0fae, 1, NativeArea.X87_IN);
        relative(0, 0x0fae, 2, NativeArea.MXCSR_IN);
        for (int i = 0; i < 16; i++) {
            moveXmm(true, i, NativeArea.XMM_IN + 16L * i);
        }
        // A snippet may have loaded them: ES, DS and GS are null, and GS has no base, which null
        // does
        // not take from it on every processor.
        bytes(0xb8);
        word(HostTables.DATA);
        bytes(0x8e, 0xe8);
        bytes(0x31, 0xc0, 0x8e, 0xc0, 0x8e, 0xd8, 0x8e, 0xe8);
        bytes(0xb8);
        word(1);
        storeRegister(RAX, NativeArea.ACTIVE);
        relative(0, 0xff, 6, NativeArea.FLAGS_IN);
        bytes(0x9d);
    }

    private void push(final int register) {
        if (register >= 8) {
            bytes(0x41);
        }
        bytes(0x50 | (register & 7));
    }

    private void pop(final int register) {
        if (register >= 8) {
            bytes(0x41);
        }
        bytes(0x58 | (register & 7));
    }

    /// Where a snippet ends: stores all registers and returns to who called [#enter].
    void leave() {
        for (int i = 0; i < Slots.GENERAL; i++) {
            storeRegister(i, NativeArea.REGISTERS_OUT + 8L * i);
        }
        bytes(0xb8);
        word(HostTables.DATA);
        bytes(0x8e, 0xd0);
        loadRegister(Slots.RSP, NativeArea.HOST_STACK);
        bytes(0x9c);
        relative(0, 0x8f, 0, NativeArea.FLAGS_OUT);
        bytes(0x68);
        word(ORDINARY_FLAGS);
        bytes(0x9d);
        bytes(0x31, 0xc0);
        storeRegister(RAX, NativeArea.ACTIVE);
        relative(0, 0x0fae, 3, NativeArea.MXCSR_OUT);
        relative(0, 0x0fae, 2, NativeArea.HOST_MXCSR);
        relative(0x48, 0x0fae, 0, NativeArea.X87_OUT);
        // What C code expects.
        bytes(0xdb, 0xe3);
        for (int i = 0; i < 16; i++) {
            moveXmm(false, i, NativeArea.XMM_OUT + 16L * i);
        }
        for (int i = SAVED.length - 1; i >= 0; i--) {
            pop(SAVED[i]);
        }
        bytes(0xc3);
    }

    /// A signal handler: if the signal met a snippet, notes why and goes on where snippets end;
    /// otherwise it is somebody else's.
    ///
    /// ```
    ///     rcx = first area; rax = rsp - rcx; if (rax >= size of all areas) goto other
    ///     rax = rcx + (rax & -STRIDE);       if ([rax + ACTIVE] == 0) goto other
    ///     [rax + ACTIVE] = 0; note signal, rsp, rip, error code, vector, cr2
    ///     rip = rsp = rax + LEAVE; cs, ss = those of 64-bit mode; return
    /// other: jump to the handler before
    /// ```
    ///
    /// RSP too, because the kernel cannot return to a stack at an address that is not canonical.
    ///
    /// @param areas the first area's address
    /// @param size of all areas together
    /// @param before the handler that was there, or 0 to return at once
    void handler(final long areas, final long size, final long before) {
        bytes(0x48, 0xb9);
        address(areas);
        bytes(0x48, 0x89, 0xe0, 0x48, 0x29, 0xc8, 0x48, 0x3d);
        word((int) size);
        bytes(0x0f, 0x83);
        final long first = at;
        word(0);
        bytes(0x48, 0x25);
        word((int) -NativeArea.STRIDE);
        bytes(0x48, 0x01, 0xc8);
        bytes(0x83, 0xb8);
        word((int) NativeArea.ACTIVE);
        bytes(0, 0x0f, 0x84);
        final long second = at;
        word(0);
        bytes(0xc7, 0x80);
        word((int) NativeArea.ACTIVE);
        word(0);
        bytes(0x48, 0x89, 0xb8);
        word((int) NativeArea.SIGNAL);
        note(CONTEXT_RSP, NativeArea.FAULT_RSP);
        note(CONTEXT_RIP, NativeArea.FAULT_RIP);
        note(CONTEXT_ERROR, NativeArea.FAULT_ERROR);
        note(CONTEXT_TRAP, NativeArea.FAULT_VECTOR);
        note(CONTEXT_CR2, NativeArea.FAULT_CR2);
        bytes(0x48, 0x8d, 0x88);
        word((int) NativeArea.LEAVE);
        bytes(0x48, 0x89, 0x80 | RCX << 3 | RDX);
        word(CONTEXT_RIP);
        bytes(0x48, 0x89, 0x80 | RCX << 3 | RDX);
        word(CONTEXT_RSP);
        selector(CONTEXT_SELECTORS, HostTables.CODE);
        selector(CONTEXT_SELECTORS + 6, HostTables.DATA);
        bytes(0xc3);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, first, (int) (at - first - 4));
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, second, (int) (at - second - 4));
        if (before == 0) {
            bytes(0xc3);
        } else {
            bytes(0x48, 0xb8);
            address(before);
            bytes(0xff, 0xe0);
        }
    }

    /// `[rdx + to] = selector`, 2 bytes
    private void selector(final int to, final int selector) {
        bytes(0x66, 0xc7, 0x80 | RDX);
        word(to);
        bytes(selector, 0);
    }

    /// `rcx = [rdx + from]; [rax + to] = rcx`
    private void note(final int from, final long to) {
        bytes(0x48, 0x8b, 0x80 | RCX << 3 | RDX);
        word(from);
        bytes(0x48, 0x89, 0x80 | RCX << 3 | RAX);
        word((int) to);
    }

    /// `jmp` from 32-bit code to an address in 64-bit code, 7 bytes.
    static void jumpFar(final MemorySegment memory, final long at, final long target) {
        memory.set(ValueLayout.JAVA_BYTE, at, (byte) 0xea);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, at + 1, (int) target);
        memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 5, (short) HostTables.CODE);
    }

    /// `jmp` to an offset in the area, 5 bytes.
    static void jump(final MemorySegment memory, final long at, final long target) {
        memory.set(ValueLayout.JAVA_BYTE, at, (byte) 0xe9);
        memory.set(ValueLayout.JAVA_INT_UNALIGNED, at + 1, (int) (target - at - 5));
    }
}
