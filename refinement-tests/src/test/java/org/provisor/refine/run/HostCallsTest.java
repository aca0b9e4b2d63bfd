// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.provisor.impl.build.PvKernel;
import org.provisor.impl.launch.Ending;
import org.provisor.impl.launch.PvMachine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// What the machine around a kernel does for it that no specification says yet: lists of calls, the
/// version, debug registers. A kernel tells what it got by the reason it shuts down with.
final class HostCallsTest {

    private static final int PAGES = 1100;
    private static final int LIMIT = 30_000;

    private static final int CODE = 0x1000;

    /// Where kernels have a list of calls, and where they put what they got.
    private static final int LIST = CODE + 0x400;

    private static final int GOT = CODE + 0x300;

    private static final int ENTRY = 64;
    private static final int RESULT = 8;

    private static final long XEN_VERSION = 17;
    private static final long MULTICALL = 13;
    private static final long IRET = 23;
    private static final long NONE = 63;

    private static final int VERSION = 4 << 16 | 17;

    /// `mov %eax, got`.
    private static final String KEEP = "89 04 25 00 03 10 80";

    private final ByteBuffer file = ByteBuffer.wrap(Kernels.hello()).order(ByteOrder.LITTLE_ENDIAN);
    private int calls;

    private void list(final long... numbers) {
        for (final long number : numbers) {
            file.put(LIST + calls * ENTRY, new byte[ENTRY]);
            file.putLong(LIST + calls++ * ENTRY, number);
        }
    }

    private static byte[] bytes(final String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /// `mov $13, %eax; mov $list, %rdi; mov $count, %esi; syscall`.
    private static String multicall(final int count) {
        return "b8 0d 00 00 00 48 c7 c7 00 04 10 80 be %s 0f 05"
                .formatted(HexFormat.of().toHexDigits(Integer.reverseBytes(count)));
    }

    /// Shuts down with the word at a place of the file: `mov $29, %eax; mov $2, %edi; mov $word,
    /// %rsi; syscall`.
    private Ending end(final String code, final int word) throws Exception {
        final int address = 0x8010_0000 + word - CODE;
        final String shutdown =
                "b8 1d 00 00 00 bf 02 00 00 00 48 c7 c6 %s 0f 05"
                        .formatted(HexFormat.of().toHexDigits(Integer.reverseBytes(address)));
        file.put(CODE, bytes(code + shutdown));
        try (PvMachine machine =
                PvMachine.start(
                        new PvKernel(file.array()),
                        new byte[0],
                        "",
                        PAGES,
                        (_, _) -> {},
                        Kernels.clock())) {
            return machine.run(LIMIT);
        }
    }

    /// The kernel shuts down with that word.
    private void gives(final int expected, final String code, final int word) throws Exception {
        final Ending ending = end(code, word);
        assertEquals(Ending.Kind.SHUTDOWN, ending.kind(), ending.text());
        assertEquals(expected, ending.reason());
    }

    private static int result(final int entry) {
        return LIST + entry * ENTRY + RESULT;
    }

    @Test
    void everyCallOfAListHasItsResult() throws Exception {
        list(XEN_VERSION, MULTICALL, NONE, XEN_VERSION);
        final String code = multicall(calls) + KEEP;
        gives(VERSION, code, result(0));
        gives(-22, code, result(1));
        gives(-38, code, result(2));
        gives(VERSION, code, result(3));
        gives(0, code, GOT);
    }

    @Test
    void noMoreIsMadeThanTheListHas() throws Exception {
        list(XEN_VERSION, XEN_VERSION);
        gives(0, multicall(1), result(1));
    }

    @Test
    void aLongListIsMadeToItsEnd() throws Exception {
        for (int i = 0; i < 40; i++) {
            list(XEN_VERSION);
        }
        final String code = multicall(calls) + KEEP;
        gives(VERSION, code, result(31));
        gives(VERSION, code, result(32));
        gives(VERSION, code, result(39));
        gives(0, code, GOT);
    }

    @Test
    void aListThatIsNotThereIsRefused() throws Exception {
        // mov $13, %eax; xor %edi, %edi; mov $1, %esi; syscall
        gives(-14, "b8 0d 00 00 00 31 ff be 01 00 00 00 0f 05" + KEEP, GOT);
        // mov $13, %eax; movabs $0xffff800000000000, %rdi; xor %esi, %esi; syscall
        gives(-14, "b8 0d 00 00 00 48 bf 00 00 00 00 00 80 ff ff 31 f6 0f 05" + KEEP, GOT);
    }

    /// `iret` goes to the kernel's next instruction and gives RAX from the stack.
    @Test
    void nothingIsMadeBehindTheWayOutOfTheKernel() throws Exception {
        list(XEN_VERSION, IRET, XEN_VERSION);
        final String call = multicall(calls);
        // mov %rsp, %rbx; push $0xe02b; push %rbx; pushf; push $0xe030; lea behind, %rax; push
        // %rax; push $0 thrice; push $0x5678
        final String code =
                "48 89 e3 68 2b e0 00 00 53 9c 68 30 e0 00 00 48 8d 05 %02x 00 00 00 50"
                                .formatted(12 + bytes(call).length)
                        + " 6a 00 6a 00 6a 00 68 78 56 00 00"
                        + call
                        + KEEP;
        gives(0x5678, code, GOT);
        gives(VERSION, code, result(0));
        gives(0x5678, code, result(1));
        gives(0, code, result(2));
    }

    @Test
    void aListWithAShutdownEndsThere() throws Exception {
        list(29, XEN_VERSION);
        file.putLong(LIST + 16, 2).putLong(LIST + 24, 0xFFFF_FFFF_8010_0000L + GOT - CODE);
        file.putInt(GOT, 77);
        gives(77, multicall(calls), result(0));
    }

    @Test
    void theVersionSaysWhatItWasCompiledWith() throws Exception {
        // mov $17, %eax; mov $command, %edi; mov $got, %rsi; syscall
        final String code = "b8 11 00 00 00 bf %02x 00 00 00 48 c7 c6 00 03 10 80 0f 05";
        gives(0x6176_614A, code.formatted(2), GOT);
        gives(0x7661_6E75, code.formatted(4), GOT);
        file.putInt(GOT + 140, -1).putInt(GOT + 144, 99);
        gives(0, code.formatted(2), GOT + 140);
        gives(99, code.formatted(2), GOT + 144);
    }

    @Test
    void debugRegistersKeepWhatIsWritten() throws Exception {
        final String keep = "89 1c 25 00 03 10 80";
        // mov $0x1234, %eax; mov %rax, %dr3; mov %dr3, %rbx
        gives(0x1234, "b8 34 12 00 00 0f 23 d8 0f 21 db" + keep, GOT);
        // xor %eax, %eax; mov %rax, %dr6; mov %dr6, %rbx
        gives(0xFFFF_0FF0, "31 c0 0f 23 f0 0f 21 f3" + keep, GOT);
        // mov $0xd800, %eax; mov %rax, %dr7; mov %dr7, %rbx
        gives(0x400, "b8 00 d8 00 00 0f 23 f8 0f 21 fb" + keep, GOT);
        // mov $0x10002, %eax; mov %rax, %dr7; mov %dr7, %rbx
        gives(0x10402, "b8 02 00 01 00 0f 23 f8 0f 21 fb" + keep, GOT);
    }

    @Test
    void breakpointsThatNobodyMayHaveAreRefused() throws Exception {
        // mov $0x20002, %eax; mov %rax, %dr7
        refused("b8 02 00 02 00 0f 23 f8");
        // mov $0x2000, %eax; mov %rax, %dr7
        refused("b8 00 20 00 00 0f 23 f8");
        // movabs $0xffff800000000000, %rax; mov %rax, %dr0
        refused("48 b8 00 00 00 00 00 80 ff ff 0f 23 c0");
    }

    private void refused(final String code) throws Exception {
        final Ending ending = end(code, GOT);
        assertEquals(Ending.Kind.CRASHED, ending.kind(), ending.text());
        assertTrue(ending.text().contains("exception 13, error code 0x0"), ending.text());
    }
}
