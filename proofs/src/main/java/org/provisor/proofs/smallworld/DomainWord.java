// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import static org.provisor.proofs.smallworld.FrameWord.fits;
import static org.provisor.proofs.smallworld.FrameWord.flag;
import static org.provisor.proofs.smallworld.FrameWord.within;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.VmAssistType;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.GlobalTable;
import org.provisor.spec.state.KernelEntry;
import org.provisor.spec.state.Life;
import org.provisor.spec.state.LocalTable;
import org.provisor.spec.state.Teardown;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.state.Vcpu;
import org.provisor.spec.state.VcpuLife;

/// A domain with up to two vCPUs in a long; 0 if there is none.
///
/// ```text
///   46    32 31    16   14   13 10 9   6 5   3 2  1   0
///  +--------+--------+------+-----+-----+-----+----+------+
///  | vCPU 1 | vCPU 0 |strict|claim|pages|stage|life|exists|
///  +--------+--------+------+-----+-----+-----+----+------+
///
///     14        13      12     10 9   7     6      5   3 2  0
///  +-------+------------+---------+-----+----------+----+----+
///  |partial|hasContainer|container|table|unfinished|user|root|
///  +-------+------------+---------+-----+----------+----+----+
/// ```
///
/// Frame 0 stands for none. What a domain never changes is in the domain as it was at the start,
/// and what its teardown has visited is with the frames.
@SuppressWarnings("EnumOrdinal") // The values of an enum are numbered in the order of Xen's.
final class DomainWord {

    /// The most vCPUs.
    static final int VCPUS = 2;

    static final int VCPU = 16;
    static final int VCPU_BITS = 16;
    static final int ROOT = 0;
    static final int USER_ROOT = 3;
    static final int TABLE = 7;
    static final int CONTAINER = 10;
    static final int FRAME_MASK = 7;

    static final long EXISTS = 1;

    private static final int UNFINISHED = 1 << 6;
    private static final int HAS_CONTAINER = 1 << 13;
    private static final int PARTIAL = 1 << 14;
    private static final int VCPU_MASK = 0x7FFF;
    private static final int FRAMES =
            (FRAME_MASK << ROOT)
                    | (FRAME_MASK << USER_ROOT)
                    | (FRAME_MASK << TABLE)
                    | (FRAME_MASK << CONTAINER);

    private static final int LIFE = 1;
    private static final int STAGE = 3;
    private static final int PAGES = 6;
    private static final int CLAIM = 10;
    private static final int MOST_PAGES = 15;
    private static final long STRICT = 1 << 14;

    private static final Life[] LIVES = Life.values();
    private static final Teardown.Stage[] STAGES = Teardown.Stage.values();

    private DomainWord() {}

    /// The word of a domain.
    ///
    /// @throws EncodingException if a value does not fit
    static long of(final Domain domain, final Domain start) {
        fits(unchanged(domain, start), "what a domain is");
        final long strict = VmAssistType.M2P_STRICT.bit();
        fits((domain.assists() & ~strict) == 0, "assists");
        long word =
                EXISTS
                        | ((long) domain.life().ordinal() << LIFE)
                        | ((long) domain.teardown().stage().ordinal() << STAGE)
                        | (within(domain.totPages(), MOST_PAGES, "pages of a domain") << PAGES)
                        | (within(domain.claim(), MOST_PAGES, "claim of a domain") << CLAIM)
                        | flag(domain.assists() != 0, STRICT);
        for (int number = 0; number < domain.vcpus().size(); number++) {
            word |= (long) vcpu(domain.vcpus().get(number)) << (VCPU + number * VCPU_BITS);
        }
        return word;
    }

    /// The domain of a word; what the teardown has visited is not in it.
    static Domain domain(final long word, final Domain start) {
        Domain domain =
                start.withPages(pages(word), claim(word))
                        .withLife(life(word))
                        .withTeardown(
                                new Teardown(
                                        STAGES[(int) (word >> STAGE) & 7],
                                        Teardown.START.visited()))
                        .withAssists((word & STRICT) != 0 ? VmAssistType.M2P_STRICT.bit() : 0);
        for (int number = 0; number < start.vcpus().size(); number++) {
            domain = domain.withVcpu(number, vcpu(vcpu(word, number)));
        }
        return domain;
    }

    /// The bits of a vCPU.
    static int vcpu(final long word, final int number) {
        return (int) (word >> (VCPU + number * VCPU_BITS)) & VCPU_MASK;
    }

    static Life life(final long word) {
        return LIVES[(int) (word >> LIFE) & 3];
    }

    static long pages(final long word) {
        return (word >> PAGES) & MOST_PAGES;
    }

    static long claim(final long word) {
        return (word >> CLAIM) & MOST_PAGES;
    }

    /// Whether the domain exists and its vCPUs run.
    static boolean runs(final long word) {
        return (word & EXISTS) != 0 && life(word) == Life.ALIVE;
    }

    /// The word with frame `i` called `name[i]`; `name[0]` is 0.
    static long renumbered(final long word, final int[] name) {
        long now = word;
        for (int number = 0; number < VCPUS; number++) {
            final int vcpu = vcpu(word, number);
            if ((vcpu & FRAMES) != 0) {
                final int shift = VCPU + number * VCPU_BITS;
                now &= ~((long) VCPU_MASK << shift);
                now |= (long) renumbered(vcpu, name) << shift;
            }
        }
        return now;
    }

    private static int renumbered(final int vcpu, final int[] name) {
        return (vcpu & ~FRAMES)
                | name[(vcpu >> ROOT) & FRAME_MASK] << ROOT
                | name[(vcpu >> USER_ROOT) & FRAME_MASK] << USER_ROOT
                | name[(vcpu >> TABLE) & FRAME_MASK] << TABLE
                | name[(vcpu >> CONTAINER) & FRAME_MASK] << CONTAINER;
    }

    private static boolean unchanged(final Domain domain, final Domain start) {
        return domain.bits32() == start.bits32()
                && domain.control() == start.control()
                && domain.hardware() == start.hardware()
                && domain.maxPages() == start.maxPages()
                && domain.target().isEmpty()
                && domain.memoryMap().isEmpty()
                && domain.io().equals(start.io())
                && domain.vcpus().size() == start.vcpus().size();
    }

    private static int vcpu(final Vcpu vcpu) {
        fits(vcpu.ldt().equals(LocalTable.NONE), "local descriptor table");
        fits(vcpu.gdt().equals(GlobalTable.NONE), "global descriptor table");
        fits(vcpu.entry().equals(KernelEntry.NONE), "how a kernel is entered");
        fits(vcpu.up(), "a vCPU that is not up");
        return (frame(vcpu.root()) << ROOT)
                | (frame(vcpu.userRoot()) << USER_ROOT)
                | unfinished(vcpu.unfinished());
    }

    private static Vcpu vcpu(final int bits) {
        return bits == 0
                ? Vcpu.IDLE
                : new Vcpu(
                        frame(bits >> ROOT),
                        frame(bits >> USER_ROOT),
                        LocalTable.NONE,
                        GlobalTable.NONE,
                        unfinished(bits),
                        KernelEntry.NONE,
                        VcpuLife.UP);
    }

    private static int frame(final Option<Mfn> frame) {
        return frame.isEmpty() ? 0 : frame(frame.get());
    }

    private static int frame(final Mfn mfn) {
        fits(mfn.value() > 0 && mfn.value() <= WorldSize.MAX_FRAMES, "frame of a vCPU");
        return (int) mfn.value();
    }

    private static Option<Mfn> frame(final int number) {
        final int frame = number & FRAME_MASK;
        return frame == 0 ? Option.none() : Option.some(new Mfn(frame));
    }

    private static int unfinished(final Option<Unfinished> unfinished) {
        if (unfinished.isEmpty()) {
            return 0;
        }
        final Unfinished left = unfinished.get();
        fits(
                left.hasContainer() || left.container().equals(left.table()),
                "container of an unfinished table");
        return UNFINISHED
                | (frame(left.table()) << TABLE)
                | (frame(left.container()) << CONTAINER)
                | (int) flag(left.hasContainer(), HAS_CONTAINER)
                | (int) flag(left.partial(), PARTIAL);
    }

    private static Option<Unfinished> unfinished(final int vcpu) {
        return (vcpu & UNFINISHED) == 0
                ? Option.none()
                : Option.some(
                        new Unfinished(
                                new Mfn((vcpu >> TABLE) & FRAME_MASK),
                                new Mfn((vcpu >> CONTAINER) & FRAME_MASK),
                                (vcpu & HAS_CONTAINER) != 0,
                                (vcpu & PARTIAL) != 0));
    }
}
