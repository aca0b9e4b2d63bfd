// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EINVAL;

import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;
import org.provisor.spec.state.TypeUse;
import org.provisor.spec.state.Unfinished;
import org.provisor.spec.state.VcpuId;
import org.provisor.spec.x86.Pte;

/// Linear page tables: an entry that refers to a table of its own level, so that a guest finds its
/// tables at an address.
///
/// A table either contains such entries or is what such entries refer to. That keeps chains to one
/// link and leaves no cycle but a table's entry for itself, which counts for nothing.
///
/// @xen xen/arch/x86/mm.c, comment above opt_pv_linear_pt
public final class LinearTables {

    /// The most that either count goes to: 16 bits with a sign.
    static final int MAX = Short.MAX_VALUE;

    private LinearTables() {}

    /// Takes the references of an entry of `container` for a table of the same level.
    ///
    /// | row | the entry                                              | outcome                  |
    /// |-----|--------------------------------------------------------|--------------------------|
    /// | a   | anything, with linear tables switched off              | `EINVAL`                 |
    /// | b   | allows writing                                         | `EINVAL`                 |
    /// | c   | names its own table                                    | nothing to hold          |
    /// | d   | names a frame on which no reference can be taken       | `EINVAL`                 |
    /// | e   | is in a table that others refer to, or holds too many  | `EINVAL`                 |
    /// | f   | names a table that has such entries, or is named too often | `EINVAL`             |
    /// | g   | names a frame not checked as this level, or held too often | `EINVAL`             |
    /// | h   | names another checked table                            | a general and a type reference; both counts |
    ///
    /// Changes the two frames; nothing when refused.
    ///
    /// @xen xen/arch/x86/mm.c, define_get_linear_pagetable
    @Clause(
            value = "mm.linear.get",
            rows = {"a", "b", "c", "d", "e", "f", "g", "h"},
            covers = {"LIN-1", "LIN-2", "TY-10"})
    static Step get(Step at, int level, Pte entry, Mfn container, Domid owner) {
        if (!at.profile().linearTables()) {
            return at.refuse("mm.linear.get/a", EINVAL);
        }
        if (entry.writable()) {
            return at.refuse("mm.linear.get/b", EINVAL);
        }
        Mfn named = entry.mfn();
        if (named.equals(container)) {
            return at.row("mm.linear.get/c");
        }
        Step held = References.get(at, named, owner);
        if (held.failed()) {
            return held.row("mm.linear.get/d");
        }
        int entries = at.frame(container).table().linear();
        if (entries < 0 || entries == MAX) {
            return References.put(held.refuse("mm.linear.get/e", EINVAL), named);
        }
        Frame target = held.frame(named);
        TypeUse use = target.use();
        if (use.table().linear() > 0 || use.table().linear() == -MAX - 1) {
            return References.put(held.refuse("mm.linear.get/f", EINVAL), named);
        }
        if (use.type() != PageType.ofLevel(level)
                || !use.validated()
                || use.count() == TypeUse.MAX_COUNT) {
            return References.put(held.refuse("mm.linear.get/g", EINVAL), named);
        }
        return counted(
                        held.with(named, target.withUse(use.withCount(use.count() + 1))),
                        named,
                        container,
                        1)
                .row("mm.linear.get/h");
    }

    /// The two counts when an entry of `container` lets go of `named`, a table of the same level.
    ///
    /// @xen xen/arch/x86/mm.c, dec_linear_uses, dec_linear_entries
    static Step drop(Step at, Mfn named, Mfn container) {
        return counted(at, named, container, -1);
    }

    /// A table that nobody holds any more forgets the entries that were taken out of it and wait to
    /// be finished: whoever finishes them finds no table to count in.
    static Step forget(Step start, Mfn container) {
        Step at = start;
        for (Domain domain : start.machine().domains()) {
            for (int number = 0; number < domain.vcpus().size(); number++) {
                Option<Unfinished> left = domain.vcpus().get(number).unfinished();
                if (left.exists(u -> u.hasContainer() && u.container().equals(container))) {
                    VcpuId who = new VcpuId(domain.id(), number);
                    at = forgotten(at, who, left.get());
                }
            }
        }
        return at;
    }

    private static Step forgotten(Step at, VcpuId who, Unfinished left) {
        boolean linear =
                at.frame(left.table()).use().type() == at.frame(left.container()).use().type();
        Step dropped = linear && !left.partial() ? drop(at, left.table(), left.container()) : at;
        return UnfinishedTeardown.remember(
                dropped, who, Unfinished.of(left.table(), left.partial()));
    }

    private static Step counted(Step at, Mfn named, Mfn container, int change) {
        Frame target = at.frame(named);
        Step used =
                at.with(
                        named,
                        target.withTable(
                                target.table().withLinear(target.table().linear() - change)));
        Frame holder = used.frame(container);
        return used.with(
                container,
                holder.withTable(holder.table().withLinear(holder.table().linear() + change)));
    }
}
