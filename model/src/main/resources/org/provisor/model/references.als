// SPDX-License-Identifier: Apache-2.0
/**
 * References: is a frame that somebody refers to ever free, or given to another domain?
 * Abstracts org.provisor.spec.mm.References, DecreaseReservation, IncreaseReservation, AssignPages;
 * L1Entries for who may map what.
 * Kept: owners, the owner's allocation, pins, read-only entries, mappings of another's memory.
 * Left out: counts (the bridge compares them with the holders) and their limits, types, claims,
 * limits of memory, extents of several frames, dying domains, devices.
 */
module references
open util/ordering[State] as time

abstract sig Domain {}
one sig Control, Guest extends Domain {}
abstract sig Answer {}
one sig Done, Refused extends Answer {}
sig Frame, Slot {}

sig State {
  owner: Frame -> lone Domain,          // of a frame that is not free
  allocated, pinned: set Frame,         // two ways to refer to one
  entry: Frame -> Slot -> lone Frame    // of pinned tables, all of level 1: the third way
}
fun live [s: State]: set Frame { s.owner.Domain }
fun held [s: State]: set Frame { s.allocated + s.pinned + Slot.(Frame.(s.entry)) }

/** A domain calls for one that it may act on; the rest is refused. */
abstract sig Call { pre, post: State, answer: Answer, by, of: Domain }
sig Pin extends Call { table: Frame, offered: Slot -> lone Frame }
sig Unpin extends Call { table: Frame }
sig Update extends Call { table: Frame, slot: Slot, to: lone Frame, data: Domain }
sig Decrease extends Call { frame: Frame }
sig Increase extends Call { given: lone Frame }
pred mayActOn [d, e: Domain] { d = e or d = Control }

pred init [s: State] { no s.pinned and no s.entry and s.allocated = live[s] }

/** invariant.reference-algebra, invariant.freed-unreachable */
pred inv [s: State] { live[s] = held[s] and s.entry.Frame.Slot in s.pinned }

pred refused [c: Call] {
  c.answer = Refused and c.post.owner = c.pre.owner
  kept[c] and c.post.allocated = c.pre.allocated
}
pred kept [c: Call] { c.post.pinned = c.pre.pinned and c.post.entry = c.pre.entry }

/** mm.ref.put: who is not referred to any more is nobody's. */
pred done [c: Call, more: Frame -> Domain] {
  c.answer = Done and c.post.owner = held[c.post] <: (c.pre.owner + more)
}

/** mm.ref.get */
pred refersTo [c: Call, f: Frame] { mayActOn[c.by, c.of] and c.pre.owner[f] = c.of }

/** mm.entry.get-frame: an entry in a table of `c.of` for a frame said to be of `data`. */
pred canMap [c: Call, f: Frame, data: Domain] {
  c.pre.owner[f] = data or (data != c.of and some c.pre.owner[f] and mayActOn[data, c.pre.owner[f]])
}

/** mm.pin, mm.validate.l1 */
pred pin [c: Pin] {
  (refersTo[c, c.table] and c.table not in c.pre.pinned and all f: Slot.(c.offered) | canMap[c, f, c.of]) implies {
    c.post.pinned = c.pre.pinned + c.table and c.post.allocated = c.pre.allocated
    c.post.entry = c.pre.entry + c.table -> c.offered
    done[c, none -> none]
  } else refused[c]
}

/** mm.unpin, mm.demote.l1, mm.entry.put-frame */
pred unpin [c: Unpin] {
  (refersTo[c, c.table] and c.table in c.pre.pinned) implies {
    c.post.pinned = c.pre.pinned - c.table and c.post.allocated = c.pre.allocated
    c.post.entry = (Frame - c.table) <: c.pre.entry
    done[c, none -> none]
  } else refused[c]
}

/** mm.mmu-update.entry, mm.entry.update-l1; what is no table is plain memory */
pred update [c: Update] {
  (mayActOn[c.by, c.data] and refersTo[c, c.table] and
    (c.table in c.pre.pinned implies all f: c.to - c.pre.entry[c.table][c.slot] | canMap[c, f, c.data])) implies {
    c.post.pinned = c.pre.pinned and c.post.allocated = c.pre.allocated
    c.post.entry = c.pre.entry - c.table -> c.slot -> Frame + (c.table & c.pre.pinned) -> c.slot -> c.to
    done[c, none -> none]
  } else refused[c]
}

/** mm.decrease.frame, mm.ref.release */
pred decrease [c: Decrease] {
  refersTo[c, c.frame] implies (kept[c] and c.post.allocated = c.pre.allocated - c.frame and done[c, none -> none])
  else refused[c]
}

/** mm.increase.extent, mm.assign, mm.allocate.given: the allocator gives any free frame, if there is one. */
pred increase [c: Increase] {
  c.given in Frame - live[c.pre]
  some c.given iff mayActOn[c.by, c.of] and some Frame - live[c.pre]
  some c.given implies (kept[c] and c.post.allocated = c.pre.allocated + c.given and done[c, c.given -> c.of])
  else refused[c]
}

pred step [c: Call] {
  c in Pin implies pin[c]
  c in Unpin implies unpin[c]
  c in Update implies update[c]
  c in Decrease implies decrease[c]
  c in Increase implies increase[c]
}
pred traces { init[first] and all s: State - last | some c: Call | c.pre = s and c.post = s.next and step[c] }

assert starts { all s: State | init[s] implies inv[s] }
assert preserved { all c: Call | inv[c.pre] and step[c] implies inv[c.post] }
assert unreachable { traces implies all s: State | Slot.(Frame.(s.entry)) in live[s] }
/** A frame changes its owner only while nobody refers to it. */
assert stable { all c: Call, f: live[c.pre] & live[c.post] | inv[c.pre] and step[c] implies c.post.owner[f] = c.pre.owner[f] }

check starts for 8 Frame, 2 Slot, 1 State, 0 Call expect 0
check preserved for 8 Frame, 2 Slot, 2 State, 1 Call expect 0
check stable for 8 Frame, 2 Slot, 2 State, 1 Call expect 0
check unreachable for 3 Frame, 2 Slot, 4 State, 3 Call expect 0

/** Broken: giving memory back frees it at once. */
pred decreaseFrees [c: Decrease] {
  refersTo[c, c.frame] and kept[c] and c.post.allocated = c.pre.allocated - c.frame and c.post.owner = c.pre.owner - c.frame -> Domain
}
assert preservedByFreeing { all c: Decrease | inv[c.pre] and decreaseFrees[c] implies inv[c.post] }
check preservedByFreeing for 3 Frame, 2 Slot, 2 State, 1 Call expect 1

/** Not vacuous: memory given back lives on in another's table, is freed and given to the other. */
run outlives {
  traces and some f: Frame, disj s, t: State | lt[s, t] and f not in s.allocated and s.owner[f] = Guest
    and f in Slot.((s.owner.Control).(s.entry)) and t.owner[f] = Control
} for 3 Frame, 2 Slot, 6 State, 5 Call expect 1
