// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import static org.provisor.impl.abi.Errno.EINVAL;
import static org.provisor.impl.abi.Errno.EPERM;
import static org.provisor.impl.abi.Errno.ERESTART;
import static org.provisor.impl.abi.Errno.ESRCH;
import static org.provisor.impl.mm.FrameTable.LOCKED;
import static org.provisor.impl.mm.FrameTable.PARTIAL;
import static org.provisor.impl.mm.FrameTable.REFERENCES;
import static org.provisor.impl.mm.FrameTable.SPECIAL;
import static org.provisor.impl.mm.FrameTable.VALIDATED;

import org.provisor.impl.Refines;

/// What becomes of a domain's memory when it dies: everything it holds is let go, frame by frame,
/// and can be interrupted after each. One thread at a time tears a domain down.
///
/// @xen xen/common/domain.c, domain_kill
/// @xen xen/arch/x86/domain.c, domain_relinquish_resources, relinquish_memory
public final class DomainDeath {

    private static final int VCPUS = 0;
    private static final int XENS_FRAMES = 1;
    private static final int LEVEL4 = 2;
    private static final int LEVEL3 = 3;
    private static final int LEVEL2 = 4;

    /// After the last stage.
    private static final int DONE = 5;

    private DomainDeath() {}

    /// Destroys a domain, on behalf of the calling vCPU. Whoever asks for it has stopped the
    /// domain's own vCPUs: none is in a call, and none will make one. Those of other domains run
    /// on.
    ///
    /// @return 0 when it is done, -[org.provisor.impl.abi.Errno#ERESTART] where it was preempted
    ///   and is to be called again, or a negated error number
    @Refines("mm.domain.destroy")
    public static int destroy(final Vcpu by, final int id) {
        final Domain domain = by.host.domain(id);
        if (domain == null) {
            return -ESRCH;
        }
        if (!by.domain.control) {
            return -EPERM;
        }
        if (domain == by.domain) {
            return -EINVAL;
        }
        synchronized (domain.owned) {
            if (by.host.domain(id) != domain) {
                return -ESRCH;
            }
            if (domain.life == Domain.DEAD) {
                return 0;
            }
            if (domain.life == Domain.ALIVE) {
                domain.lockPages();
                domain.life = Domain.DYING;
                by.host.setClaim(domain, 0);
                domain.unlockPages();
            }
            return relinquish(by, domain);
        }
    }

    @Refines("mm.domain.relinquish")
    private static int relinquish(final Vcpu by, final Domain domain) {
        while (domain.teardownStage < DONE) {
            final int result =
                    switch (domain.teardownStage) {
                        case VCPUS -> vcpus(by, domain);
                        case XENS_FRAMES -> frames(by, domain, SPECIAL, 0);
                        case LEVEL4 -> frames(by, domain, 0, PageType.L4);
                        case LEVEL3 -> frames(by, domain, 0, PageType.L3);
                        case LEVEL2 -> frames(by, domain, 0, PageType.L2);
                        default -> 0;
                    };
            if (result != 0) {
                return result;
            }
            domain.teardownNext = 0;
            domain.teardownStage++;
        }
        domain.life = Domain.DEAD;
        by.host.goneIfEmpty(domain);
        return 0;
    }

    @Refines("mm.domain.relinquish-vcpus")
    private static int vcpus(final Vcpu by, final Domain domain) {
        for (final Vcpu vcpu : domain.vcpus) {
            final int result = dropRoots(by, vcpu);
            if (result != 0) {
                return result;
            }
        }
        for (final Vcpu vcpu : domain.vcpus) {
            LdtMapping.unmap(by, vcpu);
            DescriptorTables.destroyGdt(by, vcpu);
        }
        return 0;
    }

    /// Lets go of the roots of a vCPU, on behalf of another one.
    ///
    /// @return 0, or `-ERESTART` if that has to be asked for again
    @Refines("mm.vcpu.drop-roots")
    public static int dropRoots(final Vcpu by, final Vcpu who) {
        if (UnfinishedTeardown.finish(by, who) != 0) {
            return -ERESTART;
        }
        final long kernel = who.root;
        who.root = Vcpu.NONE;
        if (Pinning.putRoot(by, who, kernel) != 0) {
            return -ERESTART;
        }
        final long user = who.userRoot;
        who.userRoot = Vcpu.NONE;
        return Pinning.putRoot(by, who, user);
    }

    @Refines("mm.domain.relinquish-frames")
    private static int frames(
            final Vcpu by, final Domain domain, final long special, final int level) {
        final FrameTable frames = by.host.frames;
        while (true) {
            final long mfn = domain.owned.next(domain.teardownNext);
            if (mfn < 0) {
                return 0;
            }
            final long count = frames.count(mfn);
            final long held = count & REFERENCES;
            if ((count & SPECIAL) != special || held == 0 || held >= REFERENCES - 1) {
                domain.teardownNext = mfn + 1;
                continue;
            }
            if (release(by, domain, mfn, level) != 0) {
                return -ERESTART;
            }
            domain.teardownNext = mfn + 1;
            if (by.preemption.due()) {
                return -ERESTART;
            }
        }
    }

    /// Unpins a frame, gives it back, and forces it apart if it is still a table of `level`. A
    /// domain that may, and refers to the frame, can let go of it at any time: then it is not this
    /// domain's any more.
    @Refines("mm.frame.release")
    private static int release(
            final Vcpu by, final Domain domain, final long mfn, final int level) {
        final Host host = by.host;
        final FrameTable frames = host.frames;
        if (!frames.getAnybodys(mfn)) {
            return 0;
        }
        if (frames.owner(mfn) != domain.id) {
            host.put(mfn);
            return 0;
        }
        if (Pinning.marked(frames, mfn, false) && PageTypes.putBoth(by, mfn) != 0) {
            host.put(mfn);
            host.put(mfn);
            return -ERESTART;
        }
        frames.release(mfn);
        if (level != 0) {
            int looks = 0;
            long seen = frames.type(mfn);
            while (FrameTable.is(seen, level) && (seen & (VALIDATED | PARTIAL)) != 0) {
                if ((seen & LOCKED) != 0) {
                    // A domain that may is changing an entry.
                    Waiting.aMoment(++looks);
                    seen = frames.type(mfn);
                    continue;
                }
                final long open = (seen & ~(VALIDATED | PARTIAL)) + 1;
                final long witness = frames.replaceType(mfn, seen, open);
                if (witness == seen) {
                    return forced(by, mfn, level, (seen & PARTIAL) != 0);
                }
                seen = witness;
            }
        }
        host.put(mfn);
        return 0;
    }

    /// Takes a table apart that is still in use: another of its level leads to it, a domain that
    /// may has it to finish, or it was left checked in part. This domain never runs again.
    ///
    /// The caller has taken a type reference, so that nobody else's can be the last meanwhile.
    private static int forced(
            final Vcpu by, final long mfn, final int level, final boolean wasPartial) {
        final Host host = by.host;
        final int result = Demotion.apart(by, mfn, level, wasPartial);
        if (wasPartial) {
            PageTypes.put(by, mfn);
        }
        if (result != 0) {
            // The type reference becomes that of a partial table, and so does the general one.
            host.frames.publish(mfn, PARTIAL);
        } else {
            PageTypes.put(by, mfn);
            host.put(mfn);
        }
        if (wasPartial) {
            host.put(mfn);
        }
        return result;
    }
}
