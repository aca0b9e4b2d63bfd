// SPDX-License-Identifier: Apache-2.0
/**
 * Teardown: is nothing left of a domain that died, but the frames that another maps?
 * Abstracts org.provisor.spec.mm.DomainDeath, FrameRelease, Demotion.
 * Kept: pins, the owner's allocation, level 2 tables and what they lead to, the order of the stages,
 * the control domain's mappings of the guest's memory. One call visits one frame.
 * Left out: counts (the bridge compares them with the holders), the vCPUs' stage, level 3 and 4
 * tables, partial tables, preemption within a frame, entries of level 1 tables, which frame is next.
 * Weaker than in a machine: tables of one level may lead to each other in circles. Forcing them
 * apart has to deal with that all the same.
 */
module teardown
open util/ordering[State] as time

abstract sig Type {}
one sig L1, L2, Writable extends Type {}
abstract sig Stage {}
one sig Alive, Fourth, Third, Second, Over extends Stage {}
abstract sig Access {}
one sig ReadOnly, ReadWrite extends Access {}
abstract sig Answer {}
one sig Done, Refused, Again extends Answer {}
sig Frame, Slot {}

sig State {
  live, allocated, pinned: set Frame,    // of the guest
  type: Frame -> lone Type,              // while in use
  entry: Frame -> Slot -> lone Frame,    // of level 2 tables not yet taken apart
  apart: set Frame,                      // forced apart, but still led to
  mapped: Frame -> lone Access,          // by the control domain
  stage: Stage,
  visited: set Frame                     // in this stage
}
fun tables [s: State]: set Frame { s.type.(L1 + L2) }
fun leads [s: State]: Frame -> Frame { { f, g: Frame | f != g and g in Slot.(s.entry[f]) } }

/** The control domain calls. */
abstract sig Call { pre, post: State, answer: Answer }
sig Destroy extends Call { frame: lone Frame }
sig Map extends Call { frame: Frame, access: lone Access }

/** Any guest may begin to die: not only those that can come to be. */
pred init [s: State] { s.stage = Alive and inv[s] }

/** invariant.reference-algebra, invariant.residue */
pred inv [s: State] {
  s.live = s.allocated + s.type.Type + s.mapped.Access
  tables[s] = s.pinned + Frame.(leads[s])
  s.type.Writable = s.mapped.ReadWrite
  s.entry.Frame.Slot in s.type.L2 - s.apart and Slot.(Frame.(s.entry)) in tables[s]
  s.apart in s.type.L2 - s.pinned and s.visited in s.live
  s.stage != Second implies no s.apart
  s.stage = Alive implies no s.visited
  s.stage = Fourth implies no s.visited & (s.pinned + s.allocated)
  s.stage in Third + Second + Over implies no s.pinned + s.allocated
  s.stage = Second implies s.visited & s.type.L2 in s.apart
  s.stage = Over implies no tables[s] and no s.visited
}

/** mm.demote, mm.page-type.put, mm.ref.put: in use is what is pinned or led to by what is. */
pred settled [c: Call, pins: set Frame, entries: Frame -> Slot -> Frame] {
  let s = c.pre, t = c.post, kept = tables[t] {
    t.pinned = pins and kept = (pins + { g: Frame | some f: kept - g | g in Slot.(entries[f]) }) & tables[s]
    t.type = kept <: s.type + t.mapped.ReadWrite -> Writable
    t.entry = { f: kept, p: Slot, g: Frame | f -> p -> g in entries }
    t.live = (t.allocated + kept + t.mapped.Access) & s.live
  }
}
/** A circle is not dropped while its tables lead to each other: each is dropped by who led to it before. */
pred counted [c: Call] {
  let dropped = tables[c.pre] - tables[c.post], forced = (c.post.stage = Second implies (c & Destroy).frame else none) |
    no f: dropped | f in f.^((dropped - forced) <: leads[c.pre])
}

/** mm.frame.release, rows b; e: in the last stage a table is forced apart, whoever leads to it. */
pred visit [c: Destroy, now: Stage] {
  let s = c.pre, t = c.post, f = c.frame, forced = (now = Second implies f & s.type.L2 else none) {
    c.answer = Again and t.stage = now
    t.allocated = s.allocated - f and t.mapped = s.mapped
    settled[c, s.pinned - f, (Frame - forced) <: s.entry]
    t.apart = (s.apart + forced) & t.type.L2
    t.visited = ((now = s.stage implies s.visited else none) + f) & t.live
  }
}
fun following [s: Stage]: Stage { (Alive -> Fourth + Fourth -> Third + Third -> Second + Second -> Over)[s] }

/** mm.domain.destroy, mm.domain.relinquish, mm.domain.relinquish-frames; again and again, until it is dead. */
pred destroy [c: Destroy] {
  let s = c.pre, t = c.post, now = ((s.stage != Alive and some s.live - s.visited) implies s.stage else following[s.stage]) |
    (now not in Over and some s.live) implies {
      some c.frame and c.frame in s.live - (now = s.stage implies s.visited else none)
      visit[c, now]
    } else {
      no c.frame and t.stage = Over and no t.visited and no t.apart
      c.answer = (s.stage = Over and no s.live implies Refused else Done)
      t.allocated = s.allocated and t.mapped = s.mapped and settled[c, s.pinned, s.entry]
    }
}

/** mm.entry.get-frame, mm.entry.put-frame, for a table of the control domain */
pred map [c: Map] {
  let s = c.pre, t = c.post, f = c.frame {
    t.allocated = s.allocated and t.stage = s.stage
    t.visited = s.visited & t.live and t.apart = s.apart & t.type.L2
    (no c.access or s.mapped[f] = c.access or f in s.live and (c.access = ReadWrite implies f not in tables[s])) implies {
      c.answer = Done
      t.mapped = s.mapped - f -> Access + f -> c.access
    } else (c.answer = Refused and t.mapped = s.mapped)
    settled[c, s.pinned, s.entry]
  }
}

pred loose [c: Call] {
  c in Destroy implies destroy[c]
  c in Map implies map[c]
}
pred step [c: Call] { loose[c] and counted[c] }
pred traces { init[first] and all s: State - last | some c: Call | c.pre = s and c.post = s.next and step[c] }

assert starts { all s: State | init[s] implies inv[s] }
/** Even if circles could vanish at any time. */
assert preserved { all c: Call | inv[c.pre] and loose[c] implies inv[c.post] }
/** Nothing is left but what is mapped. */
assert residue { all s: State | inv[s] and s.stage = Over implies s.live = s.mapped.Access and no tables[s] and no s.allocated and no s.entry }
/** Each call gets further: it visits a frame more of its stage, or is in a later one. */
assert progress { all c: Destroy | inv[c.pre] and loose[c] and c.answer = Again implies
  c.post.stage in c.pre.stage.^(Alive -> Fourth + Fourth -> Third + Third -> Second) or c.frame in c.pre.live - c.pre.visited }

check starts for 8 Frame, 2 Slot, 1 State, 0 Call expect 0
check preserved for 8 Frame, 2 Slot, 2 State, 1 Call expect 0
check residue for 8 Frame, 2 Slot, 1 State, 0 Call expect 0
check progress for 8 Frame, 2 Slot, 2 State, 1 Call expect 0
assert residueTraces { traces and last.stage = Over implies last.live = last.mapped.Access }
check residueTraces for 2 Frame, 2 Slot, 8 State, 7 Call expect 0

/** Broken: nothing is forced apart. Two tables that lead to each other outlive their domain. */
pred visitGently [c: Destroy] {
  let s = c.pre, t = c.post {
    s.stage = Second and t.stage = Second and c.frame in s.live - s.visited and t.visited = (s.visited + c.frame) & t.live
    t.allocated = s.allocated and t.mapped = s.mapped and t.apart = s.apart and settled[c, s.pinned, s.entry]
  }
}
assert preservedGently { all c: Destroy | inv[c.pre] and visitGently[c] implies inv[c.post] }
check preservedGently for 3 Frame, 2 Slot, 2 State, 1 Call expect 1

/** Not vacuous: two tables that lead to each other are gone in the end. */
run breaksCircle {
  traces and last.stage = Over and no last.live and some disj f, g: Frame | f -> g + g -> f in leads[first] and no first.pinned
} for exactly 2 Frame, 2 Slot, 8 State, 7 Call expect 1
run outlives { traces and some f: Frame | f in last.live and last.stage = Over and first.type[f] = L2 } for 1 Frame, 1 Slot, 6 State, 5 Call expect 1
