// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.Run;
import org.provisor.refine.harness.Subject;
import org.provisor.refine.harness.Verdict;
import org.provisor.refine.program.Program;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;
import org.provisor.refine.trace.TraceText;

import java.util.List;

/// Runs programs on a real Xen, or on the implementation in its place: by the probe's own calls.
/// Between two programs what the first has left is undone and shown to be; where it is not, or
/// where Xen is lost, another is started.
public final class XenSubject implements Subject {

    /// The implementation in place of a Xen.
    public static final ProbeHost.Setup OWN = OwnHypervisor.Setup.USUAL;

    private final ProbeHost.Setup setup;
    private final boolean always;
    private @Nullable World world;
    private @Nullable XenMachine machine;
    private @Nullable XenRun last;
    private long starts;
    private long resets;
    private long recoveries;
    private volatile long calls;

    /// Calls made on machines that are gone.
    private long callsBefore;

    private @Nullable String trouble;
    private long troubles;

    /// @param setup how Xen is started
    /// @param world the world that programs for it start in, see [#worldOf]
    /// @param always whether everything is compared after each action, not only at the end
    public XenSubject(ProbeHost.Setup setup, World world, boolean always) {
        this.setup = setup;
        this.world = world;
        this.always = always;
    }

    /// Runs programs for whatever world this Xen starts in.
    public XenSubject(ProbeHost.Setup setup, boolean always) {
        this.setup = setup;
        this.always = always;
    }

    /// The world that programs start in on such a Xen, which is started to see: one domain, the
    /// privileged one.
    ///
    /// @throws XenLostException if it does not start
    public static World worldOf(ProbeHost.Setup setup) {
        try (XenMachine machine = XenMachine.start(setup)) {
            return world(machine);
        }
    }

    private static World world(XenMachine on) {
        return new World(
                on.pair().sides().machine().frames().size(),
                PoolNumbers.DEVICES,
                on.pair().sides().machine().profile().linearTables(),
                1,
                List.of(
                        new DomainSetup(
                                0,
                                true,
                                -1,
                                XenMachine.NAMED,
                                1,
                                on.pair().sides().machine().domain(XenBoot.PROBE).maxPages(),
                                1,
                                true,
                                true,
                                false)),
                List.of());
    }

    private XenMachine machine() {
        XenMachine now = machine;
        if (now == null) {
            now = XenMachine.start(setup);
            starts++;
            machine = now;
            World its = world(now);
            if (world == null) {
                world = its;
            } else if (!its.equals(world)) {
                throw new IllegalStateException("another machine than before: " + its);
            }
        }
        return now;
    }

    /// A machine that is as if it had just started.
    ///
    /// @throws XenLostException if Xen does not start
    /// @throws IllegalArgumentException if it is another world than that of this Xen
    @Override
    public Run start(World on) {
        if (world == null) {
            world = world(machine());
        }
        if (!starts(on)) {
            throw new IllegalArgumentException(
                    "this Xen runs traces of another machine: "
                            + TraceText.print(new Program(world, List.of()))
                                    .strip()
                                    .replace("\n", "; "));
        }
        XenMachine before = machine;
        if (before != null) {
            calls = callsBefore + before.pair().calls();
            restore(before, last != null && last.apart());
        }
        XenRun run = new XenRun(machine().pair(), always, _ -> discard());
        last = run;
        return run;
    }

    private void restore(XenMachine before, boolean apart) {
        String left;
        try {
            left = apart ? before.recover() : before.reset();
        } catch (XenLostException e) {
            left = e.getMessage();
        }
        if (apart) {
            recoveries++;
        } else {
            resets++;
        }
        if (left != null) {
            trouble = left;
            troubles++;
            discard();
        }
    }

    private void discard() {
        XenMachine gone = machine;
        machine = null;
        if (gone != null) {
            callsBefore += gone.pair().calls();
            calls = callsBefore;
            gone.close();
        }
    }

    @Override
    public boolean starts(World on) {
        return on.equals(world);
    }

    /// Whether a difference is that Xen was lost, which may never happen.
    public static boolean isLost(Verdict.Differs differs) {
        return differs.part().startsWith(XenRun.LOST);
    }

    /// How many hypercalls Xen and the specification both made, in the programs that have ended.
    /// For any thread.
    public long calls() {
        return calls;
    }

    /// How often Xen was started.
    public long starts() {
        return starts;
    }

    /// How often what a program had left was to be undone.
    public long resets() {
        return resets;
    }

    /// How often that was to be done after a difference.
    public long recoveries() {
        return recoveries;
    }

    /// How often one or the other failed, so that Xen was started anew.
    public long failedResets() {
        return troubles;
    }

    /// What was left the last time that it failed, or null.
    public @Nullable String lastTrouble() {
        return trouble;
    }

    @Override
    public void close() {
        discard();
    }
}
