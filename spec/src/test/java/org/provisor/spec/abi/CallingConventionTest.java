// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Map.entry;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.provisor.spec.abi.Invocation.MmuUpdateCall;
import org.provisor.spec.abi.Invocation.MmuextOpCall;
import org.provisor.spec.abi.Invocation.UnknownCall;
import org.provisor.spec.abi.Invocation.UpdateDescriptorCall;
import org.provisor.spec.abi.Invocation.UpdateVaMappingOtherdomainCall;

import java.util.Map;

/// Calls go from registers to their typed form and back, losing only bits that Xen ignores.
final class CallingConventionTest {

    /// What is left of each argument register, written down a second time: `l` all, `i` 32 bits,
    /// `d` 16 bits. `q` stands for two registers of 32 bits in a 32-bit guest.
    static final Map<Hypercall, String> KEPT_64 =
            Map.ofEntries(
                    entry(Hypercall.SET_TRAP_TABLE, "l"),
                    entry(Hypercall.MMU_UPDATE, "lili"),
                    entry(Hypercall.MMUEXT_OP, "lili"),
                    entry(Hypercall.SET_GDT, "li"),
                    entry(Hypercall.STACK_SWITCH, "ll"),
                    entry(Hypercall.SET_CALLBACKS, "lll"),
                    entry(Hypercall.FPU_TASKSWITCH, "i"),
                    entry(Hypercall.UPDATE_DESCRIPTOR, "ll"),
                    entry(Hypercall.MEMORY_OP, "ll"),
                    entry(Hypercall.UPDATE_VA_MAPPING, "lll"),
                    entry(Hypercall.UPDATE_VA_MAPPING_OTHERDOMAIN, "llld"),
                    entry(Hypercall.VCPU_OP, "iil"),
                    entry(Hypercall.VM_ASSIST, "ii"),
                    entry(Hypercall.SET_SEGMENT_BASE, "il"),
                    entry(Hypercall.CALLBACK_OP, "il"));

    static final Map<Hypercall, String> KEPT_32 =
            Map.ofEntries(
                    entry(Hypercall.SET_TRAP_TABLE, "i"),
                    entry(Hypercall.MMU_UPDATE, "iiii"),
                    entry(Hypercall.MMUEXT_OP, "iiii"),
                    entry(Hypercall.SET_GDT, "ii"),
                    entry(Hypercall.STACK_SWITCH, "ii"),
                    entry(Hypercall.FPU_TASKSWITCH, "i"),
                    entry(Hypercall.UPDATE_DESCRIPTOR, "iiii"),
                    entry(Hypercall.MEMORY_OP, "ii"),
                    entry(Hypercall.UPDATE_VA_MAPPING, "iiii"),
                    entry(Hypercall.UPDATE_VA_MAPPING_OTHERDOMAIN, "iiiid"),
                    entry(Hypercall.VCPU_OP, "iii"),
                    entry(Hypercall.VM_ASSIST, "ii"),
                    entry(Hypercall.CALLBACK_OP, "ii"));

    @Provide
    Arbitrary<Registers> registers() {
        var number =
                Arbitraries.oneOf(
                        Arbitraries.of(KEPT_64.keySet()).map(call -> (long) call.number()),
                        Arbitraries.longs().between(0, 64),
                        Arbitraries.longs());
        var value =
                Arbitraries.oneOf(
                        Arbitraries.longs(),
                        Arbitraries.longs().between(0, 0xFFFF_FFFFL),
                        Arbitraries.of(0L, 1L << 31, (1L << 31) - 1, 1L << 32, -1L, 0x7FF0L));
        return Combinators.combine(
                        Arbitraries.of(Bitness.class), number, value, value, value, value, value)
                .as((bitness, n, a, b, c, d, e) -> new Registers(bitness, n, a, b, c, d, e, ~a));
    }

    @Property
    void registersComeBackWithoutWhatXenIgnores(@ForAll("registers") Registers r) {
        var call = CallingConvention.decode(r);

        assertEquals(kept(r), CallingConvention.encode(call, r));
    }

    @Property
    void callComesBackAsItself(@ForAll("registers") Registers r) {
        var call = CallingConvention.decode(r);

        var again = CallingConvention.encode(call, r.bitness());

        assertEquals(call, CallingConvention.decode(again));
    }

    @Property
    void onlySpecifiedNumbersAreCalls(@ForAll("registers") Registers r) {
        var kinds = r.bitness() == Bitness.BITS_64 ? KEPT_64 : KEPT_32;
        var known = Hypercall.of(r.rax()).filter(kinds::containsKey).isDefined();

        assertEquals(!known, CallingConvention.decode(r) instanceof UnknownCall);
    }

    @Example
    void numberIsComparedInFull() {
        var r = Registers.zero(Bitness.BITS_64).withRax(0x1_0000_0001L);

        assertEquals(new UnknownCall(0x1_0000_0001L), CallingConvention.decode(r));
    }

    @Example
    void upperHalfOfCountIsIgnored() {
        var r = new Registers(Bitness.BITS_64, 1, 0x1000, 0xABCD_0000_8000_0003L, 0, -1L, 0, 0);

        var call = assertInstanceOf(MmuUpdateCall.class, CallingConvention.decode(r));

        assertTrue(call.count().preempted());
        assertEquals(3, call.count().requests());
        assertEquals(new Domid(0xFFFF), call.foreigndom().frames());
        assertEquals(new Domid(0xFFFE), call.foreigndom().tables());
    }

    @Example
    void wideValuesOfA32BitGuestTakeTwoRegisters() {
        var r = new Registers(Bitness.BITS_32, 22, 0x11, 0x22, 0x33, 0x44, 0xFFFF_0005L, 0);
        assertEquals(
                new UpdateVaMappingOtherdomainCall(
                        new GuestAddress(0x11), 0x33_0000_0022L, new UvmFlags(0x44), new Domid(5)),
                CallingConvention.decode(r));

        var d = new Registers(Bitness.BITS_32, 10, 1, 2, 3, 4, 5, 6);
        assertEquals(
                new UpdateDescriptorCall(
                        new MachineAddress(0x2_0000_0001L), new SegmentDescriptor(0x4_0000_0003L)),
                CallingConvention.decode(d));
    }

    @Example
    void batchGoesOnAfterWhatIsDone() {
        var before =
                new Registers(Bitness.BITS_64, 1, 0x1000, 0x5_0000_000AL, 0x2000, 0x7FF0, 77, 88);
        var call = assertInstanceOf(MmuUpdateCall.class, CallingConvention.decode(before));

        var after = Continuation.of(before, call.after(3, Bitness.BITS_64)).registers();

        assertEquals(
                new Registers(Bitness.BITS_64, 1, 0x1030, 0x8000_0007L, 0x2000, 0x7FF0, 77, 88),
                after);
    }

    @Example
    void batchOf32BitGuestGoesOnByItsOwnSize() {
        var before = new Registers(Bitness.BITS_32, 26, 0x1000, 0xA, 0x2000, 0x7FF0, 77, 88);
        var call = assertInstanceOf(MmuextOpCall.class, CallingConvention.decode(before));

        var after = Continuation.of(before, call.after(3, Bitness.BITS_32)).registers();

        assertEquals(
                new Registers(Bitness.BITS_32, 26, 0x1024, 0x8000_0007L, 0x2000, 0x7FF0, 77, 88),
                after);
    }

    @Example
    void finalResultTravelsAsForeignDomain() {
        var before = new Registers(Bitness.BITS_64, 26, 0x1000, 2, 0x2000, 0x7FF0, 77, 88);
        var result = -XenErrno.EINVAL.number();

        var left = Continuation.of(before, MmuextOpCall.carrying(result));

        assertEquals(
                new Registers(Bitness.BITS_64, 26, 0, 0x8000_0000L, 0, 0xFFFF_FFEAL, 77, 88),
                left.registers());
        var call = assertInstanceOf(MmuextOpCall.class, left.call());
        assertTrue(call.carriesResult());
        assertEquals(result, call.foreigndom().result());
    }

    @Example
    void memoryOpGoesOnAtAnExtent() {
        var populate = MemoryOpWord.of(MemoryCommand.POPULATE_PHYSMAP);

        assertEquals(6 | (5 << 6), populate.from(5).word());
        assertEquals(5, populate.from(5).startExtent());
        assertEquals(MemoryCommand.POPULATE_PHYSMAP, populate.from(5).command().get());
        assertTrue(new MemoryOpWord(63).command().isEmpty());
        assertEquals(0x03FF_FFFF_FFFF_FFFFL, new MemoryOpWord(-1).startExtent());
    }

    private static Registers kept(Registers r) {
        var known = Hypercall.of(r.rax());
        var kinds = r.bitness() == Bitness.BITS_64 ? KEPT_64 : KEPT_32;
        if (known.isEmpty() || !kinds.containsKey(known.get())) {
            return r;
        }
        var kept = r;
        var letters = kinds.getOrDefault(known.get(), "");
        for (int i = 0; i < letters.length(); i++) {
            var mask =
                    switch (letters.charAt(i)) {
                        case 'i' -> 0xFFFF_FFFFL;
                        case 'd' -> 0xFFFFL;
                        default -> -1L;
                    };
            kept = kept.withArg(i + 1, r.arg(i + 1) & mask);
        }
        return kept;
    }
}
