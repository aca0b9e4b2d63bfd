// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.example;

import static org.provisor.spec.example.Scene.D0;
import static org.provisor.spec.example.Scene.D1;
import static org.provisor.spec.example.Trees.NONE_DONE;
import static org.provisor.spec.example.Trees.ONE_DONE;

import io.vavr.collection.HashSet;
import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.ForeignDomains;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.abi.MmuextCommand;
import org.provisor.spec.abi.MmuextOp;
import org.provisor.spec.mm.WritablePageTables.GuestWrite;
import org.provisor.spec.state.IoRights;
import org.provisor.spec.x86.Pte;

/// Examples of frames beyond the machine's memory, of owners that are no domains, and of exchanges
/// that read elsewhere than they would write.
final class UnusualAddressExamples {

    /// A device's frame, far beyond the memory.
    private static final long FAR = 0x1000;

    private UnusualAddressExamples() {}

    static Vector<Example> all() {
        return Vector.of(foreign(), pinned(), unmapped(), device(), memory());
    }

    private static Example foreign() {
        return Trees.request(
                        "mm.entry.get-device/a",
                        "Xen itself has no right to map a device",
                        Trees.controlL1(),
                        D0,
                        ForeignDomains.of(Domid.XEN),
                        Trees.set(0x8, 0, Scene.readOnly(0)))
                .answers("returns -1 EPERM")
                .owes(NONE_DONE);
    }

    private static Example pinned() {
        return MmuextCalls.by(
                        D0,
                        ForeignDomains.of(Domid.IO),
                        "mm.pin/b",
                        "what is not a device's is not pinned as one",
                        Scene.usual(),
                        MmuextOp.of(MmuextCommand.PIN_L4_TABLE, 0x14))
                .answers("returns -22 EINVAL")
                .owes(NONE_DONE);
    }

    /// The guest sees its level 1 table at 0x1000, and the device at 0x2000.
    private static Scene mapped() {
        Scene window = WritablePageTableExamples.window();
        return window.domain(
                        window.machine()
                                .domain(Trees.ONE)
                                .withIo(new IoRights(HashSet.of(new Mfn(FAR)), false, false)))
                .mmuUpdate(D1, 0x10, 2, Scene.readOnly(FAR));
    }

    private static Example unmapped() {
        return Trees.request(
                        "mm.entry.put-frame/a",
                        "a device's frame beyond the memory has no references to drop",
                        mapped(),
                        Trees.set(0x10, 2, Pte.EMPTY))
                .answers("returns 0")
                .changes("mfn 10[2]: mfn 1000 ro+13c -> -")
                .owes(ONE_DONE);
    }

    private static GuestWrite exchange(long reads, long expected) {
        return new GuestWrite(
                new GuestAddress(0x1018), new GuestAddress(reads), 8, 0, Option.some(expected));
    }

    private static Example device() {
        return WritablePageTableExamples.write(
                        "mm.emulated-read/b",
                        "what a device holds is not read",
                        mapped(),
                        D1,
                        exchange(0x2000, 0))
                .answers("not specified: reads of devices");
    }

    private static Example memory() {
        return WritablePageTableExamples.write(
                        "mm.emulated-read/c",
                        "an exchange compares with what the guest has in ordinary memory",
                        mapped().entry(0x14, 0, new Pte(0x1234)),
                        D1,
                        exchange(0, 5))
                .answers("found 1234");
    }
}
