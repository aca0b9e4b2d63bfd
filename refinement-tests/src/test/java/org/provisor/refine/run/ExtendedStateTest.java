// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.cpu.CpuFeatures;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.EngineKind;
import org.provisor.impl.launch.PvMachine;

import java.util.HexFormat;

/// What a kernel sees of `xsave` and its like: CR4.OSXSAVE, XCR0, and what `cpuid` says. A real Xen
/// 4.17 in QEMU was seen to do the same with the same code, but that it has more parts of the
/// state.
///
/// @xen xen/arch/x86/pv/domain.c, pv_fixup_guest_cr4; xen/arch/x86/xstate.c, handle_xsetbv
final class ExtendedStateTest {

    private static final int PAGES = 1100;
    private static final int LIMIT = 1000;

    /// Where the code of the kernel is in its file.
    private static final int CODE = 0x1000;

    /// `mov %cr4, %rax; bts $18, %eax; mov %rax, %cr4`
    private static final String SET_OSXSAVE = "0f20e0 0fbae812 0f22e0";

    /// `xor %ecx, %ecx; xgetbv`
    private static final String XGETBV = "31c9 0f01d0";

    /// `ud2a; .ascii "xen"; cpuid`
    private static final String FORCED_CPUID = "0f0b 78656e 0fa2";

    private static final String CPUID = "0fa2";

    /// `shr $27, %ecx; and $1, %ecx; mov %ecx, %eax`
    private static final String OSXSAVE_OF_LEAF_1 = "c1e91b 83e101 89c8";

    private static Ending run(final CpuFeatures features, final EngineKind kind, final String code)
            throws Exception {
        final byte[] bytes = HexFormat.of().parseHex(code.replace(" ", ""));
        final byte[] file = Kernels.hello();
        System.arraycopy(bytes, 0, file, CODE, bytes.length);
        try (PvMachine machine =
                PvMachine.start(
                        new PvKernel(file),
                        new byte[0],
                        "",
                        PvMachine.Role.FIRST_DOMAIN,
                        PvMachine.Memory.of(PAGES),
                        (_, _) -> {},
                        Kernels.clock(),
                        kind,
                        new PvMachine.Vcpus(1, false, features))) {
            return machine.run(LIMIT);
        }
    }

    private static Ending run(final String features, final String code) throws Exception {
        return run(CpuFeatures.parse(features), EngineKind.TRANSLATOR, code);
    }

    /// The kernel sleeps if EAX is that, and crashes if it is not.
    private static void gives(final int eax, final String features, final String code)
            throws Exception {
        final String compared = code + "3d %02x000000 7501 f4 0f0b".formatted(eax);
        assertEquals(Ending.Kind.ASLEEP, run(features, compared).kind(), code);
    }

    private static void faults(final int vector, final String features, final String code)
            throws Exception {
        final Ending ending = run(features, code + "f4");
        final String expected = "the kernel has no handler (exception %d,".formatted(vector);
        assertTrue(ending.text().contains(expected), ending.text());
    }

    private static String xsetbv(final int register, final int value) {
        return "b9%02x000000 31d2 b8%02x000000 0f01d1".formatted(register, value);
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void allIsEnabledAtFirst(final EngineKind kind) throws Exception {
        final String code = XGETBV + "3d 03000000 7501 f4 0f0b";
        assertEquals(Ending.Kind.ASLEEP, run(CpuFeatures.ALL, kind, code).kind());
    }

    @Test
    void aKernelThatHasNotSetOsxsaveMayNotChangeIt() throws Exception {
        faults(6, "xsave", xsetbv(0, 1));
        gives(1, "xsave", SET_OSXSAVE + xsetbv(0, 1) + XGETBV);
        gives(3, "xsave", SET_OSXSAVE + xsetbv(0, 1) + xsetbv(0, 3) + XGETBV);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 2", "0, 7", "0, 5", "1, 1"})
    void onlyWhatThereIs(final int register, final int value) throws Exception {
        faults(13, "xsave", SET_OSXSAVE + xsetbv(register, value));
    }

    /// As Xen has it, a kernel that asks Xen sees the processor's OSXSAVE, not its own.
    @Test
    void whatCpuidSaysOfOsxsave() throws Exception {
        final String leaf1 = "b801000000";
        gives(0, "xsave", leaf1 + CPUID + OSXSAVE_OF_LEAF_1);
        gives(1, "xsave", SET_OSXSAVE + leaf1 + CPUID + OSXSAVE_OF_LEAF_1);
        gives(1, "xsave", leaf1 + FORCED_CPUID + OSXSAVE_OF_LEAF_1);
        gives(0, "no-xsave", leaf1 + FORCED_CPUID + OSXSAVE_OF_LEAF_1);
        gives(0, "no-xsave", SET_OSXSAVE + leaf1 + CPUID + OSXSAVE_OF_LEAF_1);
    }

    @Test
    void withoutTheFeatureThereIsNothing() throws Exception {
        faults(6, "no-xsave", XGETBV);
        faults(6, "no-xsave", SET_OSXSAVE + xsetbv(0, 3));
        // bt $18, %eax of CR4; setc %al; movzbl %al, %eax
        gives(0, "no-xsave", SET_OSXSAVE + "0f20e0 0fbae012 0f92c0 0fb6c0");
        gives(1, "xsave", SET_OSXSAVE + "0f20e0 0fbae012 0f92c0 0fb6c0");
    }

    /// `cmp`'s 4 bytes are all of CR4 that can be set.
    @Test
    void whatCr4Shows() throws Exception {
        final String shows = "0f20e0 3d %s 7501 f4 0f0b";
        final String all = "0f20e0 0d00000500 0f22e0";
        assertSleeps("xsave", shows.formatted("60060000"));
        assertSleeps("xsave", all + shows.formatted("60060500"));
        assertSleeps("no-xsave", all + shows.formatted("60060100"));
        assertSleeps("no-fsgsbase", all + shows.formatted("60060400"));
    }

    private static void assertSleeps(final String features, final String code) throws Exception {
        assertEquals(Ending.Kind.ASLEEP, run(features, code).kind(), code);
    }
}
