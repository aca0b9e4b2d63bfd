// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.mm;

import static org.provisor.spec.abi.XenErrno.EFAULT;
import static org.provisor.spec.abi.XenErrno.EINVAL;
import static org.provisor.spec.abi.XenErrno.ENOSYS;
import static org.provisor.spec.abi.XenErrno.EPERM;
import static org.provisor.spec.abi.XenErrno.ESRCH;

import io.vavr.collection.Vector;
import io.vavr.control.Option;

import org.provisor.spec.abi.Bitness;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.abi.E820Entry;
import org.provisor.spec.abi.ForeignMemoryMap;
import org.provisor.spec.abi.GuestAddress;
import org.provisor.spec.abi.GuestBytes;
import org.provisor.spec.abi.Invocation.MemoryOpCall;
import org.provisor.spec.abi.MemoryMap;
import org.provisor.spec.notation.Clause;
import org.provisor.spec.state.MemoryRange;
import org.provisor.spec.state.Outcome;
import org.provisor.spec.state.Step;

/// The memory map that a domain is given. Xen keeps it and makes nothing of it.
///
/// @xen xen/arch/x86/mm.c, arch_memory_op
public final class MemoryMaps {

    private static final Bitness BITS = Bitness.BITS_64;

    /// The most entries that a map may have.
    static final int E820_MAX = 1024;

    private MemoryMaps() {}

    /// `XENMEM_memory_map`: tells the caller's own map.
    ///
    /// | row | the map                                         | outcome                         |
    /// |-----|-------------------------------------------------|---------------------------------|
    /// | a   | is asked for by a structure that cannot be read | `EFAULT`                        |
    /// | b   | is none, or has no entry                        | `ENOSYS`                        |
    /// | c   | has entries that cannot be written              | `EFAULT`                        |
    /// | d   | can be written, but the structure cannot        | `EFAULT`; the entries are       |
    /// | e   | can be written                                  | its first entries, and how many |
    ///
    /// As many entries as there is room for, none if there is room for none: how many there are is
    /// not said.
    @Clause(
            value = "mm.memory-map.get",
            rows = {"a", "b", "c", "d", "e"})
    static Outcome get(Step at, MemoryOpCall call) {
        Option<GuestBytes> bytes = GuestAddresses.read(at, call.arg(), MemoryMap.LAYOUT.size(BITS));
        if (bytes.isEmpty()) {
            return Outcome.returning(at.refuse("mm.memory-map.get/a", EFAULT));
        }
        MemoryMap asked = MemoryMap.fromBytes(bytes.get(), 0, BITS);
        Vector<MemoryRange> map = at.caller().memoryMap();
        if (map.isEmpty()) {
            return Outcome.returning(at.refuse("mm.memory-map.get/b", ENOSYS));
        }
        int count = (int) Math.min(asked.nrEntries(), map.size());
        int size = E820Entry.LAYOUT.size(BITS);
        if (!ExtentList.writable(at, asked.buffer(), count * size)) {
            return Outcome.returning(at.refuse("mm.memory-map.get/c", EFAULT));
        }
        Step written = at;
        for (int i = 0; i < count; i++) {
            written = entry(written, asked.buffer().plus((long) i * size), map.get(i));
        }
        if (!ExtentList.writable(at, call.arg(), MemoryMap.LAYOUT.size(BITS))) {
            return Outcome.returning(written.refuse("mm.memory-map.get/d", EFAULT));
        }
        GuestAddress field = MemoryMap.LAYOUT.address(call.arg(), "nr_entries", BITS);
        return Outcome.returning(written.reply(field, 4, count).row("mm.memory-map.get/e"));
    }

    private static Step entry(Step at, GuestAddress place, MemoryRange range) {
        return at.reply(E820Entry.LAYOUT.address(place, "addr", BITS), 8, range.address())
                .reply(E820Entry.LAYOUT.address(place, "size", BITS), 8, range.size())
                .reply(
                        E820Entry.LAYOUT.address(place, "type", BITS),
                        4,
                        range.type() & 0xFFFF_FFFFL);
    }

    /// `XENMEM_set_memory_map`: gives a domain a map.
    ///
    /// | row | the map                                     | outcome          |
    /// |-----|---------------------------------------------|------------------|
    /// | a   | is given by a structure that cannot be read | `EFAULT`         |
    /// | b   | has more than 1024 entries                  | `EINVAL`         |
    /// | c   | is for a domain that does not exist         | `ESRCH`          |
    /// | d   | is for one that the caller may not act on   | `EPERM`          |
    /// | e   | has entries that cannot be read             | `EFAULT`         |
    /// | f   | can be read                                 | the domain's map |
    ///
    /// A domain may give itself a map. Entries are not looked at. Changes
    /// `domains[domain].memoryMap`; nothing when refused.
    @Clause(
            value = "mm.memory-map.set",
            rows = {"a", "b", "c", "d", "e", "f"})
    static Outcome set(Step at, MemoryOpCall call) {
        Option<GuestBytes> bytes =
                GuestAddresses.read(at, call.arg(), ForeignMemoryMap.LAYOUT.size(BITS));
        if (bytes.isEmpty()) {
            return Outcome.returning(at.refuse("mm.memory-map.set/a", EFAULT));
        }
        ForeignMemoryMap given = ForeignMemoryMap.fromBytes(bytes.get(), 0, BITS);
        if (given.map().nrEntries() > E820_MAX) {
            return Outcome.returning(at.refuse("mm.memory-map.set/b", EINVAL));
        }
        Option<Domid> domain = MemoryOp.domain(at, given.domid());
        if (domain.isEmpty()) {
            return Outcome.returning(at.refuse("mm.memory-map.set/c", ESRCH));
        }
        if (!at.caller().mayActOn(domain.get())) {
            return Outcome.returning(at.refuse("mm.memory-map.set/d", EPERM));
        }
        int count = (int) given.map().nrEntries();
        int size = E820Entry.LAYOUT.size(BITS);
        Option<GuestBytes> entries = GuestAddresses.read(at, given.map().buffer(), count * size);
        if (entries.isEmpty()) {
            return Outcome.returning(at.refuse("mm.memory-map.set/e", EFAULT));
        }
        Vector<MemoryRange> map = Vector.empty();
        for (int i = 0; i < count; i++) {
            E820Entry entry = E820Entry.fromBytes(entries.get(), (long) i * size, BITS);
            map = map.append(new MemoryRange(entry.addr(), entry.length(), (int) entry.type()));
        }
        return Outcome.returning(
                at.with(at.domain(domain.get()).withMemoryMap(map)).row("mm.memory-map.set/f"));
    }
}
