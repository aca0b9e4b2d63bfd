// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.jit;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.cpu.CpuFeatures;
import org.provisor.impl.cpu.CpuState;
import org.provisor.impl.cpu.Engine;
import org.provisor.impl.cpu.Exits;
import org.provisor.impl.cpu.FastMemory;
import org.provisor.impl.cpu.LinearMemory;
import org.provisor.impl.cpu.Slots;
import org.provisor.impl.decode.CodeMode;
import org.provisor.impl.decode.Decoder;
import org.provisor.impl.decode.Instruction;
import org.provisor.impl.decode.Opcode;
import org.provisor.impl.decode.OpcodeTable;
import org.provisor.impl.decode.Operand;
import org.provisor.impl.interp.Interpreter;
import org.provisor.impl.ir.Expander;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// An engine that interprets what runs seldom and translates what runs often. It does what the
/// interpreter does, to the instruction: it carries out as many, and what it leaves is the same.
///
/// Where code goes on after a jump is counted. An address that has been counted often enough
/// becomes the head of a region. Between regions the engine looks the next one up: first in an
/// array by address, then in the [CodeCache].
///
/// One thread uses it at a time. It keeps regions for the state and memory that it was used with
/// last, as long as the memory is a [FastMemory]; with any other it interprets.
public final class Translator implements Engine {

    /// How often an address is come to before it is translated, if nobody says otherwise.
    public static final int THRESHOLD = 60;

    /// How many regions there are at most, if nobody says otherwise.
    public static final int CAPACITY = 8192;

    private static final int LOOKUPS = 1 << 12;
    private static final int COUNTERS = 1 << 14;

    /// HotSpot compiles no method that is larger.
    private static final int MOST_BYTES = 7_900;

    private static final int MOST_INSTRUCTIONS = 160;

    /// Regions get no more instructions at once than this.
    private static final long MOST_BUDGET = 1 << 30;

    /// An address at which nothing can be translated.
    private static final int REFUSED = -(1 << 20);

    /// Frames whose code is written to again and again are translated later and later.
    private static final int PATIENCE = 1 << 10;

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final Interpreter interpreter;
    private final int threshold;
    private final IndirectTargets indirectTargets = new IndirectTargets();
    private final RegionScan scan;
    private final CodeCache cache;
    private final long[] shared = new long[Region.SHARED_WORDS];

    private final @Nullable Region[] lookup = new Region[LOOKUPS];
    private final long[] lookupRips = new long[LOOKUPS];
    private final int[] lookupEntries = new int[LOOKUPS];
    private final long[] lookupMappings = new long[LOOKUPS];
    private final long[] counted = new long[COUNTERS];
    private final int[] counts = new int[COUNTERS];

    /// How often code in a frame was written to, by the low bits of its number.
    private final int[] rewritten = new int[PATIENCE];

    private @Nullable RegionServices services;
    private @Nullable CpuState boundState;

    /// Where the last run ended because it was not allowed more instructions; anywhere in a block.
    private long stoppedAt;

    private boolean stoppedByLimit;

    /// Whether a run has just begun where the last one ended, or is about to end: jumps that are
    /// seen now say nothing of where code goes on.
    private boolean betweenRuns;

    /// Whether what was refused may be translated the next time.
    private boolean later;

    /// By which others say that the run is to end soon. Whoever reads it here does so between
    /// calls, so that it is read anew.
    private long[] attention = new long[1];

    private long carriedOut;
    private long operand;

    public Translator() {
        this(THRESHOLD, CAPACITY);
    }

    /// @param threshold how often an address is come to before it is translated
    /// @param capacity how many regions there are at most
    public Translator(final int threshold, final int capacity) {
        this(Decoder.standard(), new Interpreter(), threshold, capacity);
    }

    /// One that has what these features offer; all else is #UD.
    public Translator(final CpuFeatures features) {
        this(features, THRESHOLD, CAPACITY);
    }

    /// @param threshold how often an address is come to before it is translated
    /// @param capacity how many regions there are at most
    public Translator(final CpuFeatures features, final int threshold, final int capacity) {
        this(
                Decoder.of(features, CodeMode.BITS_64),
                new Interpreter(features),
                threshold,
                capacity);
    }

    private Translator(
            final Decoder decoder,
            final Interpreter interpreter,
            final int threshold,
            final int capacity) {
        this.interpreter = interpreter;
        scan = new RegionScan(decoder, new Expander(OpcodeTable.standard()), indirectTargets);
        cache = new CodeCache(capacity);
        this.threshold = threshold;
    }

    @Override
    public long carriedOut() {
        return carriedOut;
    }

    @Override
    public long operand() {
        return operand;
    }

    /// How many regions have been translated.
    public long regions() {
        return cache.translated();
    }

    /// How many are there.
    public int liveRegions() {
        return cache.size();
    }

    /// How many instructions have been translated.
    public long translatedInstructions() {
        return cache.instructions();
    }

    /// How many regions had to make room.
    public long evictions() {
        return cache.evicted();
    }

    /// How many regions were dropped because their bytes were written to.
    public long overwritten() {
        return cache.overwritten();
    }

    @Override
    public int run(final CpuState state, final LinearMemory memory, final long limit) {
        if (!(memory instanceof final FastMemory fast)) {
            final int exit = interpreter.run(state, memory, limit);
            carriedOut = interpreter.carriedOut();
            operand = interpreter.operand();
            return exit;
        }
        final RegionServices at = bind(state, fast);
        at.clear();
        carriedOut = 0;
        final long space = fast.space();
        shared[Region.SPACE] = space;
        final int exit = run(state, fast, fast.mappings(space), limit);
        LazyFlags.settle(state.slots(), shared);
        stoppedByLimit = exit == Exits.LIMIT;
        stoppedAt = state.get(Slots.RIP);
        return exit;
    }

    /// Regions belong to one state and one memory.
    @SuppressWarnings("ReferenceEquality") // The very ones.
    private RegionServices bind(final CpuState state, final FastMemory memory) {
        RegionServices now = services;
        if (now == null || now.memory() != memory || boundState != state) {
            cache.clear();
            Arrays.fill(lookup, null);
            Arrays.fill(counts, 0);
            now = new RegionServices(state, memory);
            services = now;
            boundState = state;
            attention = memory.attention();
            memory.setCodeWatcher(this::written);
        }
        return now;
    }

    private boolean written(final long place, final long bytes) {
        if (cache.written(place, bytes)) {
            if (services != null) {
                services.codeChanged();
            }
            rewritten[(int) (place >>> 12) & PATIENCE - 1]++;
        }
        return cache.isUsed(place >>> 12);
    }

    private int run(
            final CpuState state, final FastMemory memory, final long mappings, final long limit) {
        final long[] slots = state.slots();
        boolean resumes = stoppedByLimit && slots[Slots.RIP] == stoppedAt;
        while (carriedOut < limit && attention[0] == 0) {
            if (state.traced() || state.segments().isCompatible()) {
                final int exit = interpret(state, memory, limit, true);
                if (exit != Exits.LIMIT) {
                    return exit;
                }
                continue;
            }
            final long rip = slots[Slots.RIP];
            betweenRuns = resumes || limit - carriedOut <= MOST_INSTRUCTIONS;
            Region region = lookup[place(rip)];
            if (region == null
                    || lookupRips[place(rip)] != rip
                    || region.dropped
                    || lookupMappings[place(rip)] != mappings) {
                region = find(rip, memory, mappings);
            }
            final int exit;
            if (region == null) {
                exit = interpret(state, memory, limit, false);
            } else if (limit - carriedOut < region.most) {
                exit = interpret(state, memory, limit, false);
            } else {
                final int budget = (int) Math.min(MOST_BUDGET, limit - carriedOut);
                resumes = false;
                final int left = region.run(slots, shared, budget, lookupEntries[place(rip)]);
                carriedOut += budget - shared[Region.BUDGET];
                exit =
                        left == Region.INTERPRET && carriedOut < limit
                                ? interpret(state, memory, limit, true)
                                : Math.max(left, Region.CONTINUE);
            }
            if (exit != Exits.LIMIT) {
                return exit;
            }
        }
        return Exits.LIMIT;
    }

    private static int place(final long rip) {
        return (int) (rip ^ rip >>> 12) & LOOKUPS - 1;
    }

    /// The region at an address, which is translated if it is due.
    private @Nullable Region find(final long rip, final FastMemory memory, final long mappings) {
        Region region = cache.find(rip, memory);
        if (region == null) {
            if (carriedOut == 0 && stoppedByLimit && stoppedAt == rip) {
                // Nothing jumped here.
                return null;
            }
            final int at = (int) (rip ^ rip >>> 14) & COUNTERS - 1;
            if (counted[at] != rip) {
                counted[at] = rip;
                counts[at] = 0;
            }
            if (++counts[at] < threshold) {
                return null;
            }
            final long frame = memory.codeFrame(rip);
            if (counts[at] < patience(frame)) {
                return null;
            }
            if (betweenRuns && cache.covers(rip, frame, memory)) {
                // One will be in the region again soon.
                counts[at] = 0;
                return null;
            }
            later = false;
            region = frame < 0 ? null : translate(rip, frame, memory);
            if (region == null) {
                counts[at] = later ? counts[at] : REFUSED;
                return null;
            }
            counts[at] = 0;
        }
        lookup[place(rip)] = region;
        lookupRips[place(rip)] = rip;
        lookupEntries[place(rip)] = region.entry(rip);
        lookupMappings[place(rip)] = mappings;
        return region;
    }

    /// The threshold, more of it where code has been written to often.
    private int patience(final long frame) {
        final int times = rewritten[(int) frame & PATIENCE - 1] >> 3;
        return threshold == 1 ? 1 : threshold << Math.min(10, times);
    }

    private @Nullable Region translate(final long rip, final long frame, final FastMemory memory) {
        int most = MOST_INSTRUCTIONS;
        while (true) {
            final List<Block> blocks = scan.scan(rip, frame, memory, most);
            if (blocks.isEmpty()) {
                return null;
            }
            if (watched(memory)) {
                // Another processor may have changed it just now: it is looked at again.
                later = true;
                return null;
            }
            final RegionWriter writer = new RegionWriter(blocks, scan, memory.isShared());
            final byte[] bytes = writer.write(rip);
            if (writer.size() <= MOST_BYTES || scan.count() == 1) {
                final Region region = define(bytes);
                region.entries = writer.entries();
                region.pages = scan.pages();
                region.frames = scan.frames();
                region.lines = scan.lines();
                if (writer.isEntered()) {
                    region.starts = scan.starts();
                }
                region.most = writer.most();
                region.instructions = scan.count();
                region.setPlaces(writer.places(), writer.refunds());
                cache.add(region);
                return region;
            }
            most = Math.max(1, scan.count() * 2 / 3);
        }
    }

    /// Has the frames watched that were looked at.
    ///
    /// @return whether that was too late for one
    private boolean watched(final FastMemory memory) {
        final long[] frames = scan.frames();
        final long[] lines = scan.lines();
        boolean late = false;
        for (int i = 0; i < frames.length; i++) {
            late |= memory.watchCode(frames[i], lines[i]);
        }
        return late;
    }

    private Region define(final byte[] bytes) {
        RegionConstants.set(Objects.requireNonNull(services));
        try {
            final Class<?> made = LOOKUP.defineHiddenClass(bytes, true).lookupClass();
            return (Region) made.getDeclaredConstructor().newInstance();
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        } finally {
            RegionConstants.clear();
        }
    }

    /// Interprets, up to where code is looked up again: behind a jump, or behind one instruction.
    private int interpret(
            final CpuState state, final FastMemory memory, final long limit, final boolean one) {
        final long[] slots = state.slots();
        LazyFlags.settle(slots, shared);
        while (carriedOut < limit && attention[0] == 0) {
            final long rip = slots[Slots.RIP];
            final int exit = interpreter.step(state, memory);
            if (exit != Exits.LIMIT) {
                operand = interpreter.operand();
                return exit;
            }
            carriedOut++;
            final long next = slots[Slots.RIP];
            final Instruction instruction = interpreter.instruction();
            if (next != rip + instruction.length()) {
                sawJump(instruction, rip, next);
                return Exits.LIMIT;
            }
            if (one) {
                return Exits.LIMIT;
            }
        }
        return Exits.LIMIT;
    }

    private void sawJump(final Instruction instruction, final long rip, final long target) {
        final Opcode row = instruction.row();
        if ((row.block() == Opcode.Block.JUMP || row.block() == Opcode.Block.CALL)
                && row.operand(0).kind() != Operand.Kind.RELATIVE) {
            indirectTargets.saw(rip, target);
        }
    }
}
