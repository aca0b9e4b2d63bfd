// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EACCES;
import static org.provisor.spec.abi.XenErrno.EDOM;
import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.ENOSYS;
import static org.provisor.spec.abi.XenErrno.EOPNOTSUPP;
import static org.provisor.spec.abi.XenErrno.ESRCH;

import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.FieldKind;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.Layout;
import org.provisor.spec.abi.Struct;
import org.provisor.spec.abi.XenErrno;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// The calls that change a physmap, which a paravirtual domain has not: its frame numbers are the
/// machine's.
///
/// @xen xen/common/memory.c, do_memory_op, xatp_permission_check
public final class PhysmapCalls {

    private static final Bitness BITS = Bitness.BITS_64;

    /// `XENMAPSPACE_gmfn_range`.
    static final int GMFN_RANGE = 3;

    /// `XENMAPSPACE_gmfn_foreign`.
    static final int GMFN_FOREIGN = 4;

    private PhysmapCalls() {}

    /// `XENMEM_add_to_physmap`: refuses, as the names of a paravirtual domain's frames are its own.
    ///
    /// | row | the call                            | outcome  |
    /// |-----|-------------------------------------|----------|
    /// | a   | starts at an extent beyond 16 bits  | `EDOM`   |
    /// | b   | has a structure that cannot be read | `EFAULT` |
    /// | c   | would map a frame of another domain | `ENOSYS` |
    /// | d   | is for a domain that does not exist | `ESRCH`  |
    /// | e   | is for a paravirtual domain         | `EACCES` |
    @Clause(
            value = "mm.physmap.add-one",
            rows = {"a", "b", "c", "d", "e"})
    static Outcome addOne(Step at, MemoryOpCall call) {
        if (call.cmd().startExtent() >>> 16 != 0) {
            return Outcome.returning(at.refuse("mm.physmap.add-one/a", EDOM));
        }
        Layout layout =
                Layout.of("struct xen_add_to_physmap", 24, 16)
                        .field("domid", FieldKind.U16, 0, 0)
                        .field("space", FieldKind.U32, 4, 4);
        Option<Struct> wanted = read(at, call, layout);
        if (wanted.isEmpty()) {
            return Outcome.returning(at.refuse("mm.physmap.add-one/b", EFAULT));
        }
        if (wanted.get().get("space") == GMFN_FOREIGN) {
            return Outcome.returning(at.refuse("mm.physmap.add-one/c", ENOSYS));
        }
        return refused(at, wanted.get(), "mm.physmap.add-one/d", "mm.physmap.add-one/e");
    }

    /// `XENMEM_add_to_physmap_batch`: refuses likewise.
    ///
    /// | row | the call                            | outcome      |
    /// |-----|-------------------------------------|--------------|
    /// | a   | starts at an extent beyond 16 bits  | `EDOM`       |
    /// | b   | has a structure that cannot be read | `EFAULT`     |
    /// | c   | would map a range                   | `EOPNOTSUPP` |
    /// | d   | is for a domain that does not exist | `ESRCH`      |
    /// | e   | is for a paravirtual domain         | `EACCES`     |
    @Clause(
            value = "mm.physmap.add-batch",
            rows = {"a", "b", "c", "d", "e"})
    static Outcome addBatch(Step at, MemoryOpCall call) {
        if (call.cmd().startExtent() >>> 16 != 0) {
            return Outcome.returning(at.refuse("mm.physmap.add-batch/a", EDOM));
        }
        Layout layout =
                Layout.of("struct xen_add_to_physmap_batch", 32, 20)
                        .field("domid", FieldKind.U16, 0, 0)
                        .field("space", FieldKind.U16, 2, 2);
        Option<Struct> wanted = read(at, call, layout);
        if (wanted.isEmpty()) {
            return Outcome.returning(at.refuse("mm.physmap.add-batch/b", EFAULT));
        }
        if (wanted.get().get("space") == GMFN_RANGE) {
            return Outcome.returning(at.refuse("mm.physmap.add-batch/c", EOPNOTSUPP));
        }
        return refused(at, wanted.get(), "mm.physmap.add-batch/d", "mm.physmap.add-batch/e");
    }

    /// `XENMEM_remove_from_physmap`: refuses likewise.
    ///
    /// | row | the call                            | outcome  |
    /// |-----|-------------------------------------|----------|
    /// | a   | has a structure that cannot be read | `EFAULT` |
    /// | b   | is for a domain that does not exist | `ESRCH`  |
    /// | c   | is for a paravirtual domain         | `EACCES` |
    @Clause(
            value = "mm.physmap.remove",
            rows = {"a", "b", "c"})
    static Outcome remove(Step at, MemoryOpCall call) {
        Layout layout =
                Layout.of("struct xen_remove_from_physmap", 16, 8)
                        .field("domid", FieldKind.U16, 0, 0);
        Option<Struct> wanted = read(at, call, layout);
        return wanted.isEmpty()
                ? Outcome.returning(at.refuse("mm.physmap.remove/a", EFAULT))
                : refused(at, wanted.get(), "mm.physmap.remove/b", "mm.physmap.remove/c");
    }

    private static Option<Struct> read(Step at, MemoryOpCall call, Layout layout) {
        Option<GuestBytes> bytes = GuestAddresses.read(at, call.arg(), layout.size(BITS));
        return bytes.isEmpty() ? Option.none() : Option.some(layout.read(bytes.get(), 0, BITS));
    }

    private static Outcome refused(Step at, Struct wanted, String unknown, String paravirtual) {
        boolean known = MemoryOp.domain(at, wanted.domid("domid")).isDefined();
        XenErrno why = known ? EACCES : ESRCH;
        return Outcome.returning(at.refuse(known ? paravirtual : unknown, why));
    }
}
