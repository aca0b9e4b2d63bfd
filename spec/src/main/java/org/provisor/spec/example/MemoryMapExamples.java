// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.abi.MemoryCommand.MACHINE_MEMORY_MAP;
import static org.provisor.spec.abi.MemoryCommand.MEMORY_MAP;
import static org.provisor.spec.abi.MemoryCommand.SET_MEMORY_MAP;
import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;

import io.vavr.collection.Vector;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Bytes;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.E820Entry;
import org.provisor.spec.abi.E820Type;
import org.provisor.spec.abi.ForeignMemoryMap;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.MemoryMap;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.transition.Event;

/// Examples of memory maps: a domain's own, and the machine's.
final class MemoryMapExamples {

    private static final GuestAddress BUFFER = new GuestAddress(0x40000);

    private static final String MAP =
            "vector(memoryrange[address=0, size=4096, type=1],"
                    + " memoryrange[address=4096, size=8192, type=2])";

    private MemoryMapExamples() {}

    static Vector<Example> all() {
        return given().appendAll(asked()).appendAll(machine());
    }

    /// The memory with a map of two entries, and what says that the map has `count` of them.
    private static Scene giving(Scene scene, Domid domain, long count) {
        Bytes entries =
                new E820Entry(0, 0x1000, E820Type.RAM.number())
                        .toBytes(Bitness.BITS_64)
                        .append(
                                new E820Entry(0x1000, 0x2000, E820Type.RESERVED.number())
                                        .toBytes(Bitness.BITS_64));
        return named(scene, domain, count).structure(BUFFER, entries);
    }

    private static Scene named(Scene scene, Domid domain, long count) {
        ForeignMemoryMap map = new ForeignMemoryMap(domain, new MemoryMap(count, BUFFER));
        return scene.structure(MemoryCalls.ARG, map.toBytes(Bitness.BITS_64));
    }

    private static Example sets(VcpuId by, String row, String title, Scene scene) {
        return MemoryCalls.by(by, "mm.memory-map.set/" + row, title, scene, SET_MEMORY_MAP);
    }

    private static Vector<Example> given() {
        Scene usual = Scene.usual();
        return Vector.of(
                sets(D1, "a", "what says where the map is must be readable", usual)
                        .answers("returns -14 EFAULT"),
                sets(
                                D1,
                                "b",
                                "a map has at most 1024 entries",
                                giving(usual, MemoryCalls.nobody(), 1025))
                        .answers("returns -22 EINVAL"),
                sets(
                                D1,
                                "c",
                                "a domain that does not exist gets no map",
                                giving(usual, MemoryCalls.nobody(), 1024))
                        .answers("returns -3 ESRCH"),
                sets(D1, "d", "a guest gives no map to another", giving(usual, new Domid(2), 2))
                        .answers("returns -1 EPERM"),
                sets(D1, "e", "a map that cannot be read is none", giving(usual, Domid.SELF, 3))
                        .answers("returns -14 EFAULT"),
                sets(
                                D0,
                                "f",
                                "a control domain gives a guest its map",
                                giving(usual, new Domid(1), 2))
                        .answers("returns 0")
                        .changes("d1 memory map: vector() -> " + MAP),
                sets(
                                D1,
                                "f",
                                "a guest may give itself a map, or take it away",
                                named(mapped(), Domid.SELF, 0))
                        .answers("returns 0")
                        .changes("d1 memory map: " + MAP + " -> vector()"));
    }

    /// The guest d1 has a map of two entries.
    private static Scene mapped() {
        return giving(Scene.usual(), new Domid(1), 2)
                .then(D0, new Event.Call(MemoryCalls.call(SET_MEMORY_MAP)));
    }

    private static Scene asking(Scene scene, long room) {
        MemoryMap map = new MemoryMap(room, BUFFER);
        return scene.structure(MemoryCalls.ARG, map.toBytes(Bitness.BITS_64));
    }

    private static Example gets(String row, String title, Scene scene) {
        return MemoryCalls.by(D1, "mm.memory-map.get/" + row, title, scene, MEMORY_MAP);
    }

    private static Scene readOnly(Scene scene, GuestAddress at) {
        return scene.with(scene.ram().readOnly(at));
    }

    private static Vector<Example> asked() {
        return Vector.of(
                gets("a", "what says where there is room must be readable", Scene.usual())
                        .answers("returns -14 EFAULT"),
                gets("b", "a domain that was given no map has none", asking(Scene.usual(), 2))
                        .answers("returns -38 ENOSYS"),
                gets(
                                "c",
                                "a map goes where it can be written",
                                readOnly(asking(mapped(), 2), BUFFER))
                        .answers("returns -14 EFAULT"),
                gets(
                                "d",
                                "how many entries there are can be written too",
                                readOnly(asking(mapped(), 1), MemoryCalls.ARG))
                        .answers("returns -14 EFAULT")
                        .owes(
                                "write 0 at va 40000, 8 bytes",
                                "write 4096 at va 40008, 8 bytes",
                                "write 1 at va 40010, 4 bytes"),
                gets("e", "a domain gets its map, and how many entries", asking(mapped(), 100))
                        .answers("returns 0")
                        .owes(
                                "write 0 at va 40000, 8 bytes",
                                "write 4096 at va 40008, 8 bytes",
                                "write 1 at va 40010, 4 bytes",
                                "write 4096 at va 40014, 8 bytes",
                                "write 8192 at va 4001c, 8 bytes",
                                "write 2 at va 40024, 4 bytes",
                                "write 2 at va 30000, 4 bytes"),
                gets(
                                "e",
                                "where there is room for no entry none is written",
                                readOnly(asking(mapped(), 0), BUFFER))
                        .answers("returns 0")
                        .owes("write 0 at va 30000, 4 bytes"));
    }

    private static Vector<Example> machine() {
        return Vector.of(
                MemoryCalls.by(
                                D1,
                                "mm.memory-map.machine/a",
                                "a guest does not see the machine's own map",
                                Scene.usual(),
                                MACHINE_MEMORY_MAP)
                        .answers("returns -1 EPERM"),
                MemoryCalls.by(
                                D0,
                                "mm.memory-map.machine/b",
                                "what the machine's own map is is not said here",
                                Scene.usual(),
                                MACHINE_MEMORY_MAP)
                        .answers("not specified: the machine's own memory map"));
    }
}
