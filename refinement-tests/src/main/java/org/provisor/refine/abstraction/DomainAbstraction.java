// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.abstraction;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.mm.FrameSet;
import org.provisor.impl.mm.Host;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.state.Life;
import org.provisor.spec.state.MemoryRange;
import org.provisor.spec.state.Teardown;
import org.provisor.spec.state.Teardown.Stage;
import org.provisor.spec.state.Vcpu;

/// A domain. `id`, `control`, `hardware` and `io` never change. `bits32` is never set.
public final class DomainAbstraction {

    private static final Life[] LIVES = {Life.ALIVE, Life.DYING, Life.DEAD};

    private static final Stage[] STAGES = {
        Stage.VCPUS, Stage.XEN, Stage.L4, Stage.L3, Stage.L2, Stage.DONE
    };

    private DomainAbstraction() {}

    /// A domain of a machine.
    public static Domain domain(Host host, org.provisor.impl.mm.Domain domain) {
        return new Domain(
                new Domid(domain.id()),
                false,
                domain.control(),
                domain.hardware(),
                target(domain),
                maxPages(domain),
                totPages(domain),
                claim(domain),
                life(domain),
                teardown(host, domain),
                assists(domain),
                rights(domain),
                memoryMap(domain),
                vcpus(domain));
    }

    /// `Domain.target`: set by a toolstack before the domain runs.
    public static Option<Domid> target(org.provisor.impl.mm.Domain domain) {
        return domain.target() < 0 ? Option.none() : Option.some(new Domid(domain.target()));
    }

    /// `Domain.maxPages`: set by a toolstack; read without a lock.
    public static long maxPages(org.provisor.impl.mm.Domain domain) {
        return domain.maxPages();
    }

    /// `Domain.totPages`. Under the lock of the domain's pages. I11.
    public static long totPages(org.provisor.impl.mm.Domain domain) {
        return domain.totPages();
    }

    /// `Domain.claim`. Under the lock of the domain's pages; the sum of all claims is the
    /// allocator's, under its lock, and changes a moment apart. I11.
    public static long claim(org.provisor.impl.mm.Domain domain) {
        return domain.claim();
    }

    /// `Domain.life`: only ever goes on. Becomes dying under the lock of the domain's pages, so
    /// that nobody gives it a frame afterwards. I20.
    public static Life life(org.provisor.impl.mm.Domain domain) {
        return LIVES[domain.life()];
    }

    /// `Teardown.stage`. Changed by the one thread that tears the domain down.
    public static Stage stage(org.provisor.impl.mm.Domain domain) {
        return STAGES[domain.teardownStage()];
    }

    /// `Teardown.visited`: the implementation goes through the frames by number and knows which is
    /// next, the specification keeps a set. They agree on the frames of the stage that the domain
    /// still owns; the set's other members have been freed and may be anybody's by now.
    public static Teardown teardown(Host host, org.provisor.impl.mm.Domain domain) {
        Set<Mfn> visited = HashSet.empty();
        for (long mfn = 0; mfn < domain.teardownNext(); mfn++) {
            if (ofStage(host, domain, mfn)) {
                visited = visited.add(new Mfn(mfn));
            }
        }
        return new Teardown(stage(domain), visited);
    }

    /// Whether a frame is one that the stage of a domain's teardown visits, or has visited.
    public static boolean ofStage(Host host, org.provisor.impl.mm.Domain domain, long mfn) {
        Stage stage = stage(domain);
        return stage != Stage.VCPUS
                && stage != Stage.DONE
                && FrameAbstraction.owner(host, mfn) == domain.id()
                && FrameAbstraction.special(host, mfn) == (stage == Stage.XEN)
                && FrameAbstraction.references(host, mfn) != 0;
    }

    /// `Domain.assists`. Changed by any vCPU of the domain, bit by bit.
    public static long assists(org.provisor.impl.mm.Domain domain) {
        return domain.assists();
    }

    /// `Domain.io`.
    public static IoRights rights(org.provisor.impl.mm.Domain domain) {
        return new IoRights(members(domain.devices()), domain.ports(), domain.assigned());
    }

    /// The members of a set of frames; none where there is no set.
    static Set<Mfn> members(@Nullable FrameSet frames) {
        Set<Mfn> all = HashSet.empty();
        if (frames != null) {
            for (long mfn = frames.next(0); mfn >= 0; mfn = frames.next(mfn + 1)) {
                all = all.add(new Mfn(mfn));
            }
        }
        return all;
    }

    /// `Domain.memoryMap`: three words a range, and how many there are. Under the lock of the
    /// domain's pages.
    public static Vector<MemoryRange> memoryMap(org.provisor.impl.mm.Domain domain) {
        Vector<MemoryRange> ranges = Vector.empty();
        for (int range = 0; range < domain.memoryMapRanges(); range++) {
            long[] words = domain.memoryMap();
            ranges =
                    ranges.append(
                            new MemoryRange(
                                    words[3 * range],
                                    words[3 * range + 1],
                                    (int) words[3 * range + 2]));
        }
        return ranges;
    }

    private static Vector<Vcpu> vcpus(org.provisor.impl.mm.Domain domain) {
        Vector<Vcpu> all = Vector.empty();
        for (int number = 0; number < domain.vcpus(); number++) {
            all = all.append(VcpuAbstraction.vcpu(domain.vcpu(number)));
        }
        return all;
    }
}
