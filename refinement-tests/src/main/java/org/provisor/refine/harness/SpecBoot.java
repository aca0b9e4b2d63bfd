// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import io.vavr.collection.HashSet;
import io.vavr.collection.Set;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.FrameName.Kind;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;
import org.provisor.refine.program.World.Heavy;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Domains;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Frames;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.state.Life;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Profile;
import org.provisor.spec.state.Table;
import org.provisor.spec.state.Teardown;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Validity;
import org.provisor.spec.state.Vcpu;

import java.util.Arrays;

/// The machine on which a program starts, made of the specification alone. Frames are given out in
/// order: after Xen's own the devices', then each domain's, those that Xen shares with it first.
///
/// @param machine the machine
/// @param numbers which frame got which number
record SpecBoot(Machine machine, BootNumbers numbers) {

    /// @throws IllegalArgumentException if the world has too few frames for what it has
    static SpecBoot of(World world) {
        return new Giving(world).boot();
    }

    /// How many frames the machine-to-physical table takes, and the tables that show it.
    private static int xenFrames(int frames) {
        int count = (frames + 511) / 512;
        int all = count;
        for (int level = 1; level <= 3; level++) {
            count = (count + 511) / 512;
            all += count;
        }
        return all;
    }

    private static final class Giving {

        private final World world;
        private final BootNumbers numbers;
        private final Frame[] frames;
        private int next;

        private Giving(World world) {
            this.world = world;
            frames = new Frame[world.frames()];
            Arrays.fill(frames, Frame.FREE);
            next = xenFrames(world.frames());
            numbers = new BootNumbers(world, next);
            Arrays.fill(frames, 0, Math.min(next, frames.length), Frame.XEN);
        }

        private SpecBoot boot() {
            Profile profile = Profile.XEN_4_17;
            if (!world.linearTables()) {
                profile = profile.withoutLinearTables();
            }
            profile = profile.withMachphysFrames(Vector.of(new Mfn(0)));
            Set<Mfn> devices = HashSet.empty();
            for (int i = 0; i < world.deviceFrames(); i++) {
                Mfn mfn = give(new FrameName(Kind.DEVICE, 0, i), Frame.MMIO);
                devices = devices.add(mfn);
                if (i == world.deviceFrames() - 1) {
                    profile = profile.withReadOnlyMmio(mfn);
                }
            }
            Domains domains = Domains.NONE;
            for (DomainSetup setup : world.domains()) {
                Domid id = new Domid(setup.id());
                for (int i = 0; i < setup.shared(); i++) {
                    give(new FrameName(Kind.SHARED, setup.id(), i), Frame.sharedWith(id));
                }
                for (int i = 0; i < setup.pages(); i++) {
                    give(FrameName.of(setup.id(), i), Frame.allocatedTo(id));
                }
                domains = domains.with(domain(setup, devices));
            }
            for (Heavy heavy : world.heavy()) {
                int mfn = (int) numbers.number(heavy.frame());
                frames[mfn] = heavy(frames[mfn], heavy);
            }
            return new SpecBoot(new Machine(profile, Frames.of(frames), domains), numbers);
        }

        private Mfn give(FrameName name, Frame frame) {
            if (next >= frames.length) {
                throw new IllegalArgumentException(
                        "a machine of " + frames.length + " frames has none left for " + name);
            }
            frames[next] = frame;
            numbers.given(name, next);
            next++;
            return new Mfn(next - 1);
        }

        private static Domain domain(DomainSetup setup, Set<Mfn> devices) {
            return new Domain(
                    new Domid(setup.id()),
                    false,
                    setup.privileged(),
                    setup.privileged(),
                    setup.target() < 0 ? Option.none() : Option.some(new Domid(setup.target())),
                    setup.maxPages(),
                    setup.pages(),
                    0,
                    Life.ALIVE,
                    Teardown.START,
                    0,
                    new IoRights(
                            setup.devices() ? devices : HashSet.empty(),
                            setup.ports(),
                            setup.assigned()),
                    Vector.empty(),
                    Vector.tabulate(
                            setup.vcpus(),
                            vcpu -> setup.up(vcpu) ? Vcpu.IDLE : Vcpu.UNINITIALISED));
        }

        private static Frame heavy(Frame frame, Heavy heavy) {
            TypeUse use =
                    new TypeUse(
                            PageType.WRITABLE,
                            false,
                            heavy.typeReferences(),
                            Validity.VALIDATED,
                            false,
                            Table.NONE);
            return frame.withRefs(heavy.references()).withUse(use);
        }
    }
}
