// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.Mfn;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.PageType;
import org.provisor.spec.state.Step;

/// The physmap, which a paravirtual domain has not: its frame numbers are the machine's. What would
/// enter a frame into it says instead which number the domain gives the frame; what would take one
/// out does nothing.
///
/// @xen xen/arch/x86/mm/physmap.c
public final class Physmap {

    private Physmap() {}

    /// Lets the domain call its 2<sup>`order`</sup> frames from `first` on `gfn` and so on.
    ///
    /// | row | a device                  | outcome                                             |
    /// |-----|---------------------------|-----------------------------------------------------|
    /// | a   | is assigned to the domain | they are idle as writable, for the device; numbered |
    /// | b   | is not                    | numbered                                            |
    ///
    /// The numbers go around at 2<sup>64</sup>. Changes `m2p` of the frames, in row a their use.
    ///
    /// @xen xen/arch/x86/mm/physmap.c, guest_physmap_add_page
    @Clause(
            value = "mm.physmap.add",
            rows = {"a", "b"},
            covers = {"M2P-1"})
    static Step add(Step start, Domid id, long gfn, Mfn first, int order) {
        boolean devices = start.domain(id).io().devices();
        Step at = start.row(devices ? "mm.physmap.add/a" : "mm.physmap.add/b");
        for (long i = 0; i < (1L << order); i++) {
            Mfn mfn = first.plus(i);
            if (devices) {
                at = PageTypes.put(PageTypes.get(at, mfn, PageType.WRITABLE), mfn);
            }
            at = at.with(mfn, at.frame(mfn).withM2p(gfn + i));
        }
        return at;
    }
}
