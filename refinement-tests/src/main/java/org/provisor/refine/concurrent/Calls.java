// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.provisor.refine.program.CallMemory;
import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.CallingConvention;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Registers;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

/// The elements that vCPUs can do in a round, each of one request.
///
/// @param by who does it
/// @param owner whose frames it names
record Calls(VcpuId by, int owner) {

    /// The calling domain, where it says whose frames it names.
    static final long SELF = 0x7FF0;

    /// Where the frame stands that `memory_op` is handed.
    static final int GIVEN = 16;

    static final int UNPIN = 4;
    static final int NEW_BASEPTR = 5;
    static final int SET_LDT = 13;
    static final int NEW_USER_BASEPTR = 15;
    static final int CLEAR_PAGE = 16;
    static final int COPY_PAGE = 17;

    static final int INCREASE = 0;
    static final int DECREASE = 1;
    static final int POPULATE = 6;
    private static final int EXCHANGE = 11;

    private static final int MMU_UPDATE = 1;
    private static final int SET_GDT = 2;
    private static final int UPDATE_DESCRIPTOR = 10;
    private static final int MEMORY_OP = 12;
    private static final int UPDATE_VA_MAPPING = 14;
    private static final int VM_ASSIST = 21;
    private static final int MMUEXT_OP = 26;

    private static final int WRITABLE_PAGE_TABLES = 2;

    /// In the pointer of an `mmu_update`: what the processor has marked is kept.
    static final int PRESERVE_AD = 2;

    private boolean foreign() {
        return by.domain().value() != owner;
    }

    private long whose() {
        return foreign() ? owner : SELF;
    }

    private Element call(long number, long a, long b, long c, long d, long... handed) {
        return attempt(Integer.MAX_VALUE, number, a, b, c, d, handed);
    }

    private Element attempt(
            int patience, long number, long a, long b, long c, long d, long... handed) {
        Registers registers = new Registers(Bitness.BITS_64, number, a, b, c, d, 0, 0);
        long[] words = new long[Handed.WORDS];
        System.arraycopy(handed, 0, words, 0, handed.length);
        Event event = new Event.Call(CallingConvention.decode(registers));
        return new Element(by, event, registers, words, patience);
    }

    // Tables.

    /// `mmu_update`.
    ///
    /// @param pointer of the entry, and what is to be done with it
    Element update(long pointer, long entry) {
        long tables = foreign() ? ((owner + 1L) << 16) | owner : SELF;
        return call(MMU_UPDATE, CallMemory.START, 1, 0, tables, pointer, entry);
    }

    /// `mmu_update` without requests, which finishes the table that the vCPU has left.
    Element finish() {
        return call(MMU_UPDATE, CallMemory.START, 0, 0, SELF);
    }

    /// `mmuext_op`.
    Element mmuext(int command, long first, long second) {
        return preempted(Integer.MAX_VALUE, command, first, second);
    }

    /// `mmuext_op`, made once.
    ///
    /// @param patience how many preemption checks answer no
    Element preempted(int patience, int command, long first, long second) {
        return attempt(
                patience, MMUEXT_OP, CallMemory.START, 1, 0, whose(), command, first, second);
    }

    /// A pin of a frame as a table of a level.
    Element pin(int level, long mfn) {
        return mmuext(level - 1, mfn, 0);
    }

    Element unpin(long mfn) {
        return mmuext(UNPIN, mfn, 0);
    }

    /// `update_va_mapping`.
    Element updateVaMapping(long linear, long entry, int flags) {
        return call(UPDATE_VA_MAPPING, linear, entry, flags, 0);
    }

    // Reservations.

    /// `memory_op`, one extent of one frame.
    ///
    /// @param given the extent
    Element reservation(int command, long given) {
        long[] words = new long[GIVEN + 1];
        words[0] = CallMemory.START + 8 * GIVEN;
        words[1] = 1;
        words[3] = whose();
        words[GIVEN] = given;
        return call(MEMORY_OP, command, CallMemory.START, 0, 0, words);
    }

    Element decrease(long mfn) {
        return reservation(DECREASE, mfn);
    }

    /// `XENMEM_exchange` of one frame.
    ///
    /// @param gfn what the domain is to call the new one
    Element exchange(long mfn, long gfn) {
        long[] words = new long[GIVEN + 2];
        words[0] = CallMemory.START + 8 * GIVEN;
        words[1] = 1;
        words[3] = whose();
        words[4] = words[0] + 8;
        words[5] = 1;
        words[7] = words[3];
        words[GIVEN] = mfn;
        words[GIVEN + 1] = gfn;
        return call(MEMORY_OP, EXCHANGE, CallMemory.START, 0, 0, words);
    }

    // Descriptors.

    Element setGdt(int entries, long mfn) {
        return call(SET_GDT, CallMemory.START, entries, 0, 0, mfn);
    }

    Element updateDescriptor(long address, long descriptor) {
        return call(UPDATE_DESCRIPTOR, address, descriptor, 0, 0);
    }

    /// Whether the guest may write to its tables as if they were writable.
    Element assist(int enable) {
        return call(VM_ASSIST, enable, WRITABLE_PAGE_TABLES, 0, 0);
    }

    // What is no call.

    /// Part of the teardown of the frames' owner: it is preempted at its first check.
    Element destroy() {
        return other(new Event.Destroy(new Domid(owner)), 0);
    }

    Element other(Event event, int patience) {
        return new Element(by, event, null, new long[Handed.WORDS], patience);
    }
}
