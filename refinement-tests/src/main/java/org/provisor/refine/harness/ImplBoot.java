// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.jspecify.annotations.Nullable;
import org.provisor.impl.memory.FrameAllocator;
import org.provisor.impl.memory.MachineMemory;
import org.provisor.impl.mm.Domain;
import org.provisor.impl.mm.FrameSet;
import org.provisor.impl.mm.Host;
import org.provisor.impl.mm.Vcpu;
import org.provisor.impl.mm.VcpuLife;
import org.provisor.impl.tlb.FlushClock;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.FrameName.Kind;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;
import org.provisor.refine.program.World.Heavy;

/// The implementation on which a program starts.
final class ImplBoot {

    final Host host;
    final FlushLog flushes = new FlushLog();
    final FailingSource source;
    final WorkMeter meter;
    final Domain[] domains;
    final ImplMemory[] memories;

    /// By domain and vCPU: the processor it runs on.
    final int[][] processors;

    /// By domain: what its vCPUs run on, bit n for processor n.
    final long[] ran;

    /// How many frames are Xen's own, from the first on.
    final int xenFrames;

    private final BootNumbers numbers;
    private final World world;

    /// Starts a machine.
    ///
    /// @param memory all zero
    /// @throws IllegalArgumentException if the world has too few frames for what it has
    ImplBoot(World world, MachineMemory memory, Switches switches) {
        this.world = world;
        FlushClock clock = new FlushClock(world.processors(), flushes);
        host = new Host(memory, clock, options(world));
        xenFrames = (int) (world.frames() - host.allocator().freeFrames());
        numbers = new BootNumbers(world, xenFrames);
        meter = new WorkMeter(world.frames());
        int count = world.domains().size();
        domains = new Domain[count];
        memories = new ImplMemory[count];
        processors = new int[count][];
        ran = new long[count];
        FrameSet devices = devices();
        int vcpus = 0;
        for (int domain = 0; domain < count; domain++) {
            DomainSetup setup = world.domains().get(domain);
            memories[domain] = new ImplMemory(meter, switches.poison());
            domains[domain] = create(setup, setup.devices() ? devices : null);
            processors[domain] = new int[setup.vcpus()];
            for (int number = 0; number < setup.vcpus(); number++) {
                int processor = vcpus % world.processors();
                start(domain, number, processor);
                if (!setup.up(number)) {
                    domains[domain].setLife(domains[domain].vcpu(number), VcpuLife.UNINITIALISED);
                }
                vcpus++;
            }
        }
        for (Heavy heavy : world.heavy()) {
            host.frames()
                    .holdOutside(
                            numbers.number(heavy.frame()),
                            heavy.references() - 1,
                            heavy.typeReferences());
        }
        source = new FailingSource(host.allocator());
        host.setFrameSource(source);
        flushes.clear();
    }

    private static Host.Options options(World world) {
        Host.Options xen = Host.Options.XEN_4_17;
        int records = Integer.highestOneBit(4 * world.frames() + 64);
        return new Host.Options(
                world.linearTables(),
                xen.maxOrderGuest(),
                xen.maxOrderDevices(),
                xen.maxOrderControl(),
                xen.maxOrderHardware(),
                records);
    }

    private FrameSet devices() {
        FrameSet all = new FrameSet(world.frames());
        for (int i = 0; i < world.deviceFrames(); i++) {
            FrameName name = new FrameName(Kind.DEVICE, 0, i);
            long mfn = given(name, host.takeForDevice());
            all.add(mfn);
            if (i == world.deviceFrames() - 1) {
                host.readOnlyDevices().add(mfn);
            }
        }
        return all;
    }

    private Domain create(DomainSetup setup, @Nullable FrameSet devices) {
        Domain domain =
                host.create(
                        new Domain.Config(
                                setup.id(),
                                setup.privileged(),
                                setup.privileged(),
                                setup.maxPages(),
                                setup.vcpus(),
                                world.deviceFrames() == 0 ? null : devices,
                                setup.ports(),
                                setup.assigned()));
        if (setup.target() >= 0) {
            domain.setTarget(setup.target());
        }
        for (int i = 0; i < setup.shared(); i++) {
            given(new FrameName(Kind.SHARED, setup.id(), i), host.share(domain));
        }
        for (int i = 0; i < setup.pages(); i++) {
            given(FrameName.of(setup.id(), i), host.give(domain));
        }
        return domain;
    }

    private void start(int domain, int number, int processor) {
        Vcpu vcpu = domains[domain].vcpu(number);
        vcpu.runOn(processor);
        vcpu.setGuestMemory(memories[domain]);
        vcpu.setPreemption(meter);
        processors[domain][number] = processor;
        ran[domain] |= 1L << processor;
    }

    private long given(FrameName name, long mfn) {
        if (mfn == FrameAllocator.NONE) {
            throw new IllegalArgumentException(
                    "a machine of " + world.frames() + " frames has none left for " + name);
        }
        numbers.given(name, mfn);
        return mfn;
    }

    BootNumbers numbers() {
        return numbers;
    }

    int[] ids() {
        return world.domains().stream().mapToInt(DomainSetup::id).toArray();
    }
}
