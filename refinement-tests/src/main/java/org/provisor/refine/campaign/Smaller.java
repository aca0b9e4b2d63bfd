// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.campaign;

import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;
import org.provisor.refine.program.World.Heavy;

import java.util.ArrayList;
import java.util.List;

/// Machines that have less than others.
final class Smaller {

    private Smaller() {}

    /// How much a machine has; what it counts does not matter.
    static int weight(World world) {
        int weight = world.frames() + world.deviceFrames() + 10 * world.heavy().size();
        for (DomainSetup domain : world.domains()) {
            weight +=
                    100
                            + domain.pages()
                            + domain.shared()
                            + domain.vcpus()
                            + (domain.privileged() ? 1 : 0)
                            + (domain.target() < 0 ? 0 : 1)
                            + (domain.devices() ? 1 : 0)
                            + (domain.ports() ? 1 : 0)
                            + (domain.assigned() ? 1 : 0);
        }
        return weight + world.processors();
    }

    /// Machines to try instead of this. Some may have too little for anything to run on them.
    static List<World> than(World world) {
        List<World> smaller = new ArrayList<>();
        for (int i = 0; i < world.domains().size(); i++) {
            List<DomainSetup> fewer = new ArrayList<>(world.domains());
            fewer.remove(i);
            smaller.add(with(world, fewer));
        }
        for (int i = 0; i < world.heavy().size(); i++) {
            List<Heavy> fewer = new ArrayList<>(world.heavy());
            fewer.remove(i);
            smaller.add(
                    new World(
                            world.frames(),
                            world.deviceFrames(),
                            world.linearTables(),
                            world.processors(),
                            world.domains(),
                            List.copyOf(fewer)));
        }
        for (int i = 0; i < world.domains().size(); i++) {
            for (DomainSetup less : than(world.domains().get(i))) {
                List<DomainSetup> domains = new ArrayList<>(world.domains());
                domains.set(i, less);
                smaller.add(with(world, domains));
            }
        }
        smaller.add(sized(world, world.frames(), 0, world.processors()));
        smaller.add(sized(world, world.frames() * 3 / 4, world.deviceFrames(), world.processors()));
        smaller.add(sized(world, world.frames(), world.deviceFrames(), 1));
        smaller.removeIf(each -> weight(each) >= weight(world));
        return smaller;
    }

    private static World with(World world, List<DomainSetup> domains) {
        return new World(
                world.frames(),
                world.deviceFrames(),
                world.linearTables(),
                world.processors(),
                List.copyOf(domains),
                world.heavy());
    }

    private static World sized(World world, int frames, int devices, int processors) {
        return new World(
                frames, devices, world.linearTables(), processors, world.domains(), world.heavy());
    }

    private static List<DomainSetup> than(DomainSetup d) {
        return List.of(
                sized(d, d.pages() / 2, d.shared(), d.vcpus()),
                sized(d, d.pages() * 3 / 4, d.shared(), d.vcpus()),
                sized(d, d.pages(), 0, d.vcpus()),
                sized(d, d.pages(), d.shared(), 1),
                awake(d),
                entitled(d, false, d.target(), d.devices(), d.ports(), d.assigned()),
                entitled(d, d.privileged(), -1, d.devices(), d.ports(), d.assigned()),
                entitled(d, d.privileged(), d.target(), false, d.ports(), d.assigned()),
                entitled(d, d.privileged(), d.target(), d.devices(), false, d.assigned()),
                entitled(d, d.privileged(), d.target(), d.devices(), d.ports(), false));
    }

    private static DomainSetup sized(DomainSetup d, int pages, int shared, int vcpus) {
        return new DomainSetup(
                d.id(),
                d.privileged(),
                d.target(),
                pages,
                shared,
                d.maxPages(),
                vcpus,
                Math.clamp(vcpus - 1L, 0, d.idle()),
                d.devices(),
                d.ports(),
                d.assigned());
    }

    private static DomainSetup awake(DomainSetup d) {
        return new DomainSetup(
                d.id(),
                d.privileged(),
                d.target(),
                d.pages(),
                d.shared(),
                d.maxPages(),
                d.vcpus(),
                d.devices(),
                d.ports(),
                d.assigned());
    }

    private static DomainSetup entitled(
            DomainSetup d,
            boolean privileged,
            int target,
            boolean devices,
            boolean ports,
            boolean assigned) {
        return new DomainSetup(
                d.id(),
                privileged,
                target,
                d.pages(),
                d.shared(),
                d.maxPages(),
                d.vcpus(),
                d.idle(),
                devices,
                ports,
                assigned);
    }
}
