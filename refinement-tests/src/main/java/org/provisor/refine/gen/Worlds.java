// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.NamedProfile;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;
import org.provisor.refine.program.World.Heavy;

import java.util.List;

/// The machines that programs start on: small, so that what is done in one place meets what is done
/// in another.
public final class Worlds {

    private static final int FRAMES = 96;
    private static final int DEVICES = 4;

    /// The most general references that are given out, but for the last.
    private static final long MOST_REFERENCES = (1L << 57) - 2;

    /// The most references to a type.
    private static final long MOST_TYPE_REFERENCES = (1L << 55) - 1;

    /// A control domain with all devices, and two guests of which one may act on the other.
    public static final World STANDARD =
            new World(
                    FRAMES,
                    DEVICES,
                    true,
                    4,
                    List.of(control(22, 40), guest(1, 26, 30, 2), stub(2, 18, 22)),
                    List.of());

    /// The same, tables of their own level refused.
    public static final World WITHOUT_LINEAR_TABLES =
            new World(FRAMES, DEVICES, false, 4, STANDARD.domains(), List.of());

    /// Two frames are free; the guests may have more than there is.
    public static final World SCARCE =
            new World(
                    FRAMES,
                    DEVICES,
                    true,
                    2,
                    List.of(control(24, 60), guest(1, 33, 60, 2), stub(2, 26, 60)),
                    List.of());

    /// The guests have devices: one assigned and mapped, the other ports only.
    public static final World ASSIGNED =
            new World(
                    FRAMES,
                    DEVICES,
                    true,
                    4,
                    List.of(
                            control(20, 40),
                            new DomainSetup(1, false, -1, 26, 1, 32, 2, true, true, true),
                            new DomainSetup(2, false, 1, 18, 1, 24, 1, false, true, false)),
                    List.of());

    /// Counters near their ends.
    public static final World HEAVY =
            new World(
                    FRAMES,
                    DEVICES,
                    true,
                    4,
                    List.of(control(22, 40), guest(1, 26, 30, 2), stub(2, 18, 22)),
                    List.of(
                            heavy(0, 0, 3, 2),
                            heavy(1, 0, 1, 1),
                            heavy(1, 1, 2, 0),
                            heavy(1, 2, 3, 3),
                            idle(1, 3, 0),
                            idle(1, 4, 1),
                            idle(1, 5, 2),
                            idle(1, 6, 3),
                            heavy(2, 0, 0, 0)));

    /// A control domain alone, as on a real machine that has just started.
    public static final World ALONE =
            new World(64, DEVICES, true, 2, List.of(control(40, 50)), List.of());

    /// A guest with three vCPUs, one that has none, and one that may act on the control domain.
    public static final World CROWDED =
            new World(
                    FRAMES,
                    1,
                    true,
                    2,
                    List.of(
                            control(14, 30),
                            guest(1, 22, 26, 3),
                            guest(2, 8, 10, 0),
                            new DomainSetup(3, false, 0, 14, 2, 20, 1, false, false, false),
                            stub(4, 12, 13)),
                    List.of());

    /// The most ordinary of all: one guest, no devices.
    public static final World PLAIN =
            new World(FRAMES, 0, true, 1, List.of(control(20, 30), guest(1, 40, 48, 2)), List.of());

    /// vCPUs that are not initialised.
    public static final World STARTING =
            new World(
                    FRAMES,
                    DEVICES,
                    true,
                    4,
                    List.of(
                            new DomainSetup(0, true, -1, 22, 1, 40, 2, 1, true, true, false),
                            new DomainSetup(1, false, -1, 32, 1, 36, 3, 2, false, false, false)),
                    List.of());

    /// All of them; those that stand here more than once are chosen more often.
    public static final List<World> ALL =
            List.of(
                    STANDARD,
                    STANDARD,
                    STANDARD,
                    WITHOUT_LINEAR_TABLES,
                    SCARCE,
                    ASSIGNED,
                    ASSIGNED,
                    STARTING,
                    STARTING,
                    HEAVY,
                    ALONE,
                    CROWDED,
                    PLAIN);

    private Worlds() {}

    /// Those of a profile: all but those of another, or, of one that is not usual, all in it.
    public static List<World> of(NamedProfile profile) {
        return profile == NamedProfile.XEN_4_17
                ? ALL.stream().filter(World::linearTables).toList()
                : ALL.stream().map(profile::in).toList();
    }

    private static DomainSetup control(int pages, int most) {
        return new DomainSetup(0, true, -1, pages, 1, most, 2, true, true, false);
    }

    private static DomainSetup guest(int id, int pages, int most, int vcpus) {
        return new DomainSetup(id, false, -1, pages, 1, most, vcpus, false, false, false);
    }

    /// A guest that may act on the first guest.
    private static DomainSetup stub(int id, int pages, int most) {
        return new DomainSetup(id, false, 1, pages, 1, most, 2, false, false, false);
    }

    /// A frame that can be referred to and held to its type so many times more.
    private static Heavy heavy(int domain, int index, long more, long moreTypes) {
        return new Heavy(
                FrameName.of(domain, index),
                MOST_REFERENCES - more,
                MOST_TYPE_REFERENCES - moreTypes);
    }

    /// A frame that can be referred to so many times more, and may be used as anything.
    private static Heavy idle(int domain, int index, long more) {
        return new Heavy(FrameName.of(domain, index), MOST_REFERENCES - more, 0);
    }
}
