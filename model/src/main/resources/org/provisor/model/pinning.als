// SPDX-License-Identifier: Apache-2.0
/**
 * Pins: does a pin keep a table in use, is there one at most, and does none outlive its domain's life?
 * Abstracts org.provisor.spec.mm.Pinning, TypedReferences; TableValidation, Demotion, FrameRelease above level 1.
 * Kept: owners, allocation, pins, level 2 tables and the level 1 tables they lead to, dying domains.
 * Left out: counts (the bridge compares them with the holders), contents of level 1 tables,
 * preemption, linear tables, levels 3 and 4, the teardown itself.
 */
module pinning
open util/ordering[State] as time

abstract sig Type {}
one sig L1, L2 extends Type {}
abstract sig Domain {}
one sig Control, Guest extends Domain {}
abstract sig Answer {}
one sig Done, Refused extends Answer {}
sig Frame, Slot {}

sig State {
  owner: Frame -> lone Domain,           // of a frame that is not free
  allocated, pinned: set Frame,
  type: Frame -> lone Type,              // while in use
  entry: Frame -> Slot -> lone Frame,    // of level 2 tables in use
  dying: set Domain
}
fun led [s: State]: set Frame { Slot.(Frame.(s.entry)) }
fun live [s: State]: set Frame { s.owner.Domain }

/** A living domain calls for one that it may act on; the rest is refused. What has no type yet is
    empty, unless its contents are offered. */
abstract sig Call { pre, post: State, answer: Answer, by, of: Domain, table: Frame }
sig Pin extends Call { level: Type, offered: Slot -> lone Frame }
sig Unpin, Decrease extends Call {}
pred refersTo [c: Call] { (c.by = c.of or c.by = Control) and c.pre.owner[c.table] = c.of }

pred init [s: State] { no s.pinned and no s.type and no s.entry and no s.dying and s.allocated = live[s] }

/** invariant.reference-algebra, invariant.freed-unreachable */
pred inv [s: State] {
  s.type.Type = s.pinned + led[s]
  live[s] = s.allocated + s.type.Type
  s.entry.Frame.Slot in s.type.L2 and led[s] in s.type.L1
  all f, g: Frame | g in Slot.(s.entry[f]) implies s.owner[f] = s.owner[g]
  Control not in s.dying
}

/** mm.page-type.put, mm.ref.put: who is not held to a type has none, who is not referred to is free. */
pred settled [c: Call, types: Frame -> Type, entries: Frame -> Slot -> Frame] {
  let kept = c.post.pinned + Slot.(c.post.pinned.entries) {
    c.post.type = kept <: types
    c.post.owner = (c.post.allocated + kept) <: c.pre.owner
    c.post.entry = { f: c.post.pinned, p: Slot, g: Frame | f -> p -> g in entries }
  }
  c.answer = Done and c.post.dying = c.pre.dying
}
pred same [c: Call] {
  c.post.owner = c.pre.owner and c.post.allocated = c.pre.allocated and c.post.pinned = c.pre.pinned
  c.post.type = c.pre.type and c.post.entry = c.pre.entry and c.post.dying = c.pre.dying
}
pred refused [c: Call] { c.answer = Refused and same[c] }

/** mm.page-type.get, mm.page-type.get-with-reference, mm.validate.table: the frame has the type or can have it. */
pred canHave [c: Pin] {
  c.pre.type[c.table] in c.level
  no c.pre.type[c.table] implies all f: Slot.(c.offered) | f != c.table and c.pre.owner[f] = c.of and c.pre.type[f] in L1
}

/** mm.pin, rows e; f; g */
pred pin [c: Pin] {
  c.level = L1 implies no c.offered
  not (refersTo[c] and canHave[c] and c.table not in c.pre.pinned) implies refused[c]
  else c.of in c.pre.dying implies (c.answer = Done and same[c])
  else taken[c]
}
pred taken [c: Pin] {
  c.post.pinned = c.pre.pinned + c.table and c.post.allocated = c.pre.allocated
  let new = c.table - c.pre.type.Type, below = Slot.(new.(new -> c.offered)) - c.pre.type.Type |
    settled[c, c.pre.type + new -> c.level + below -> L1, c.pre.entry + new -> c.offered]
}

/** mm.unpin, mm.demote, mm.demote.table, mm.entry.put-table */
pred unpin [c: Unpin] {
  (refersTo[c] and c.table in c.pre.pinned) implies {
    c.post.pinned = c.pre.pinned - c.table and c.post.allocated = c.pre.allocated
    settled[c, c.pre.type, c.pre.entry]
  } else refused[c]
}

/** mm.decrease.frame: never unpins. */
pred decrease [c: Decrease] {
  refersTo[c] implies {
    c.post.pinned = c.pre.pinned and c.post.allocated = c.pre.allocated - c.table
    settled[c, c.pre.type, c.pre.entry]
  } else refused[c]
}

pred step [c: Call] {
  c.by not in c.pre.dying
  c in Pin implies pin[c]
  c in Unpin implies unpin[c]
  c in Decrease implies decrease[c]
}
/** The guest may begin to die between any two calls. */
pred traces {
  init[first] and all s: State - last | some c: Call | c.pre = s and step[c] and c.post.dying in s.next.dying and s.next.dying in Guest
    and s.next.owner = c.post.owner and s.next.allocated = c.post.allocated and s.next.pinned = c.post.pinned
    and s.next.type = c.post.type and s.next.entry = c.post.entry
}

assert starts { all s: State | init[s] implies inv[s] }
assert preserved { all c: Call | inv[c.pre] and step[c] implies inv[c.post] }
/** A pinned table stays one until it is unpinned, whatever else happens to it. */
assert keeps { all c: Call | inv[c.pre] and step[c] implies all f: c.pre.pinned | f in c.post.pinned and c.post.type[f] = c.pre.type[f] or c in Unpin and c.table = f }
/** PN-3: a dying domain gets no new pin. */
assert dead { all c: Call | inv[c.pre] and step[c] implies c.post.pinned & c.pre.owner.(c.pre.dying) in c.pre.pinned }

check starts for 8 Frame, 2 Slot, 1 State, 0 Call expect 0
check preserved for 8 Frame, 2 Slot, 2 State, 1 Call expect 0
check keeps for 8 Frame, 2 Slot, 2 State, 1 Call expect 0
check dead for 8 Frame, 2 Slot, 2 State, 1 Call expect 0
assert inUse { traces implies all s: State | s.pinned in s.type.Type and led[s] in s.type.L1 }
check inUse for 3 Frame, 2 Slot, 6 State, 4 Call expect 0

/** Broken: the last unpin frees the frame that the owner has given back, though a table leads to it. */
pred unpinFrees [c: Unpin] {
  refersTo[c] and c.table in c.pre.pinned and c.post.pinned = c.pre.pinned - c.table and c.post.allocated = c.pre.allocated
  c.post.type = c.pre.type - c.table -> Type and c.post.owner = (c.post.allocated + c.post.pinned) <: c.pre.owner
  c.post.entry = c.pre.entry - c.table -> Slot -> Frame and c.post.dying = c.pre.dying
}
assert preservedByFreeing { all c: Unpin | inv[c.pre] and unpinFrees[c] implies inv[c.post] }
check preservedByFreeing for 3 Frame, 2 Slot, 2 State, 1 Call expect 1

/** Not vacuous: given back and unpinned, a table lives on below another until that is unpinned. */
run livesOn {
  traces and some f: Frame, disj s, t: State | lt[s, t] and f in s.type.L1 - s.pinned - s.allocated and f not in live[t]
} for 3 Frame, 2 Slot, 7 State, 6 Call expect 1
run refusesDying { some c: Pin | inv[c.pre] and step[c] and c.of in c.pre.dying and c.answer = Done } for 3 Frame, 2 Slot, 2 State, 1 Call expect 1
