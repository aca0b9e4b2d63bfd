// SPDX-License-Identifier: Apache-2.0
package org.provisor.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Engine;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.interp.Interpreter;
import org.provisor.impl.jit.Translator;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.paging.DirectMemory;
import org.provisor.impl.paging.PageWalker;
import org.provisor.impl.tlb.TlbSet;

import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/// How many million instructions a second does an engine carry out, in small loops of guests? Each
/// iteration of a repeated string instruction counts. The baseline is the interpreter.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls setUp.
public class GuestLoops {

    private static final int INSTRUCTIONS = 1_000_000;
    private static final int FRAMES = 1 << 15;
    private static final long CODE = 0x40_0000;
    private static final long STACK = 0x3F_0000;

    /// Where the tables are: memory is mapped one to one below.
    private static final long TABLES = FRAMES - 200;

    private static final int LEVEL_1_TABLES = 48;
    private static final long FLAGS = 7;

    /// What carries instructions out.
    public enum EngineName {
        /// The baseline.
        interpreter,
        /// The question.
        translator
    }

    /// What a guest does, without end; position-dependent machine code for 0x400000.
    public enum Loop {
        /// A chain of eight integer instructions.
        integer("b900e1f5054801d84831c2488d7456014829f348c1c2054921d848ffc975e6eb" + "df"),
        /// Two loads and two stores of 8 bytes.
        loadStore(
                "48c7c70000000148c7c60000010131c9488b04ce4801d0488904cf488b5cce08"
                        + "48895ccf084883c1024881f90010000072deebda"),
        /// Fibonacci numbers by recursion.
        calls(
                "bf18000000e802000000ebf483ff02721b535589fb8d7bffe8efffffff89c58d"
                        + "7bfee8e5ffffff01e85d5bc389f8c3"),
        /// CRC-32 by a table.
        crc(
                "48c7c70000000131c989c8ba0800000089c3d1e883e301f7db81e32083b8ed31"
                        + "d8ffca75eb89048fffc181f90001000072d748c7c60000010131c9b8ffffffff"
                        + "0fb6140e30c20fb6d2c1e80833049748ffc14881f90000010072e5ebdc"),
        /// A sieve of 65,536.
        sieve(
                "48c7c70000000131c9c6040f0148ffc14881f90000010072f0b902000000803c"
                        + "0f007416488d14094881fa000001007309c60417004801caebee48ffc14881f9"
                        + "0001000072d8ebbf"),
        /// Quicksort of 1,024 random numbers.
        sort(
                "48c7c70000000148b8447abfcb8d40390131c94889c248c1e20d4831d04889c2"
                        + "48c1ea074831d04889c248c1e2114831d0488904cf48ffc14881f90004000072"
                        + "d248c7c700000001488db7f81f0000e802000000ebaa4839f7735e56574889f8"
                        + "4801f048c1e80448c1e003488b004889fb4889f54839037d064883c308ebf548"
                        + "3945007e064883ed08ebf44839eb771b488b0b488b550048891348894d004883"
                        + "c3084883ed084839eb76c95f534889eee8a1ffffff5f5eeb9dc3"),
        /// An interpreter of byte code, which jumps by a table.
        interpreter(
                "488d1d71000000488d3556000000b9e803000031c00fb61648ffc6ff24d34883"
                        + "c0030fb61648ffc6ff24d34831c80fb61648ffc6ff24d3488d04400fb61648ff"
                        + "c6ff24d34829c80fb61648ffc6ff24d3ffc974b3488d35090000000fb61648ff"
                        + "c6ff24d3000102030002010300000102040f1f80000000001e00400000000000"
                        + "2b004000000000003700400000000000440040000000000050004000"),
        /// `rep movsq` of 64 KiB.
        repMovsq("48c7c70000000148c7c600001001b900200000f348a5ebe8"),
        /// `rep movsb` of 64 KiB.
        repMovsb("48c7c70000000148c7c600001001b900000100f3a4ebe9"),
        /// Pointers through 16,384 pages.
        chase(
                "48c7c70000000131c94889c84869c0ef1e00004805f30d000025ff3f00004889"
                        + "ca48c1e20c4889cb486bdb054881c3f103000081e3ff3f000048c1e30c4989d8"
                        + "49c1e8064981e0c00f00004989c949c1e1064981e1c00f00004c01c3488d1c1f"
                        + "4801fa4c01ca48891affc181f90040000072964889f8488b00488b00488b0048"
                        + "8b00ebf2"),
        /// `syscall`, at which the engine stops each time.
        syscall("b81100000031ff0f054885c0ebf2");

        private final String hex;

        Loop(final String hex) {
            this.hex = hex;
        }

        byte[] code() {
            return HexFormat.of().parseHex(hex);
        }
    }

    @Param private EngineName engineName;
    @Param private Loop loop;

    private MachineMemory memory;
    private DirectMemory direct;
    private final CpuState state = new CpuState();
    private Engine engine;

    /// A processor with page tables.
    @Setup
    public void setUp() {
        memory = MachineMemory.ofFrames(FRAMES);
        memory.setWord(TABLES << 12, (TABLES + 1) << 12 | FLAGS);
        memory.setWord((TABLES + 1) << 12, (TABLES + 2) << 12 | FLAGS);
        for (long table = 0; table < LEVEL_1_TABLES; table++) {
            final long level1 = TABLES + 3 + table;
            memory.setWord(((TABLES + 2) << 12) + 8 * table, level1 << 12 | FLAGS);
            for (long slot = 0; slot < 512; slot++) {
                memory.setWord((level1 << 12) + 8 * slot, (table * 512 + slot) << 12 | FLAGS);
            }
        }
        memory.copyIn(CODE, loop.code(), 0, loop.code().length);
        direct = new DirectMemory(state, memory, new TlbSet(1).of(0), new PageWalker(memory, 46));
        direct.setRoot(TABLES);
        state.set(Slots.RIP, CODE);
        state.set(Slots.RSP, STACK);
        engine = engineName == EngineName.translator ? new Translator() : new Interpreter();
    }

    /// Gives the memory back.
    @TearDown
    public void tearDown() {
        memory.close();
    }

    /// The question: a million instructions.
    @Benchmark
    @OperationsPerInvocation(INSTRUCTIONS)
    public long run() {
        long left = INSTRUCTIONS;
        while (left > 0) {
            final int exit = engine.run(state, direct, left);
            left -= engine.carriedOut();
            if (exit == Exits.SYSCALL) {
                left--;
            } else if (exit != Exits.LIMIT) {
                throw new IllegalStateException("exit " + exit);
            }
        }
        return state.get(Slots.RAX);
    }
}
