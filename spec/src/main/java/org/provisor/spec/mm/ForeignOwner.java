// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import io.vavr.control.Option;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.Step;

/// The domain that a caller names as the owner of the frames it wants mapped.
///
/// @xen xen/common/page_alloc.c, get_pg_owner
public final class ForeignOwner {

    private ForeignOwner() {}

    /// Finds the owner that is meant, or none: the callers of this answer `ESRCH` then.
    ///
    /// The first row that fits decides:
    ///
    /// | the name is                                    | the owner is |
    /// |------------------------------------------------|--------------|
    /// | the caller's own number                        | nobody       |
    /// | `DOMID_IO` or `DOMID_XEN`                      | that         |
    /// | `DOMID_SELF`                                   | the caller   |
    /// | the number of a domain, dying or dead ones too | that domain  |
    /// | any other                                      | nobody       |
    ///
    /// Whoever means itself must not say so by its number. Nothing is said here of permission.
    @Clause("mm.foreign-owner")
    static Option<Domid> resolve(Step at, Domid named) {
        Domid own = at.by().domain();
        if (named.equals(own)) {
            return Option.none();
        }
        if (named.equals(Domid.IO) || named.equals(Domid.XEN)) {
            return Option.some(named);
        }
        if (named.equals(Domid.SELF)) {
            return Option.some(own);
        }
        return at.machine().has(named) ? Option.some(named) : Option.none();
    }
}
