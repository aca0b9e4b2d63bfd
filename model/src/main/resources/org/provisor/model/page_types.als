// SPDX-License-Identifier: Apache-2.0
/**
 * Page types: can a guest write to a frame in use as a page table?
 * Abstracts org.provisor.spec.mm.PageTypes, L1Entries, L1Validation; EntryUpdate and Pinning at level 1.
 * Kept: what each frame in use is used as, who holds it to that, each level 1 entry.
 * Left out: counts (the bridge compares them with the holders) and their limits, owners, flushes,
 * what level 2 tables lead to, preemption, flags but the one to write, the type of idle frames.
 */
module page_types
open util/ordering[State] as time

abstract sig Type {}
one sig L1, L2, Writable extends Type {}
abstract sig Answer {}
one sig Done, Refused extends Answer {}
sig Frame, Slot {}

sig State {
  pinned: set Frame,
  type: Frame -> lone Type,              // while in use
  entry: Frame -> Slot -> lone Frame,    // of level 1 tables in use
  writable: Frame -> Slot                // those of them that let the guest write
}
fun tables [s: State]: set Frame { s.type.(L1 + L2) }
fun mappedWritable [s: State]: set Frame { { f: Frame | some s.entry.f & s.writable } }

/** The guest calls. */
abstract sig Call { pre, post: State, answer: Answer, table: Frame }
sig Pin extends Call { level: Type, offered: Slot -> lone Frame, offeredWritable: set Slot }
sig Unpin extends Call {}
sig Update extends Call { slot: Slot, to: lone Frame, toWritable: lone Slot }

pred init [s: State] { no s.pinned and no s.type and no s.entry and no s.writable }

/** invariant.writable-xor-table, invariant.reference-algebra */
pred inv [s: State] {
  tables[s] = s.pinned
  s.type.Writable = mappedWritable[s]
  s.entry.Frame.Slot in s.type.L1
  s.writable in s.entry.Frame
}

pred same [s, t: State] { t.pinned = s.pinned and t.type = s.type and t.entry = s.entry and t.writable = s.writable }
pred refused [c: Call] { c.answer = Refused and same[c.pre, c.post] }

/** mm.page-type.get, mm.entry.get-frame: none of these is in use as something else than writable. */
pred canBeWritable [s: State, frames: set Frame] { no frames & tables[s] }

/** mm.validate.l1, mm.validate */
pred canPin [c: Pin] {
  no c.pre.type[c.table]
  canBeWritable[c.pre, c.offeredWritable.(c.offered)] and c.table not in c.offeredWritable.(c.offered)
}

/** mm.pin */
pred pin [c: Pin] {
  c.level in L1 + L2 and c.offeredWritable in c.offered.Frame and (c.level = L2 implies no c.offered)
  canPin[c] implies {
    c.answer = Done
    c.post.pinned = c.pre.pinned + c.table
    c.post.entry = c.pre.entry + c.table -> c.offered
    c.post.writable = c.pre.writable + c.table -> c.offeredWritable
    c.post.type = c.pre.type ++ (c.table -> c.level + c.offeredWritable.(c.offered) -> Writable)
  } else refused[c]
}

/** mm.unpin, mm.page-type.put, mm.demote, mm.demote.l1, mm.entry.put-frame */
pred unpin [c: Unpin] {
  c.table in c.pre.pinned implies {
    c.answer = Done
    c.post.pinned = c.pre.pinned - c.table
    c.post.entry = (Frame - c.table) <: c.pre.entry
    c.post.writable = (Frame - c.table) <: c.pre.writable
    c.post.type = (tables[c.pre] - c.table + mappedWritable[c.post]) <: c.pre.type
  } else refused[c]
}

/** mm.entry.update-l1: the new entry's references are taken before the old one's are dropped. */
pred changed [c: Update] {
  c.answer = Done
  c.post.pinned = c.pre.pinned
  c.post.entry = c.pre.entry - c.table -> c.slot -> Frame + c.table -> c.slot -> c.to
  c.post.writable = c.pre.writable - c.table -> c.slot + c.table -> c.toWritable
  c.post.type = (tables[c.pre] + mappedWritable[c.post]) <: (c.pre.type ++ (Slot.(c.toWritable -> c.to)) -> Writable)
}
pred update [c: Update] {
  c.toWritable in c.slot and (no c.to implies no c.toWritable)
  c.table not in c.pre.type.L2
  c.table in c.pre.type.L1 implies (canBeWritable[c.pre, Slot.(c.toWritable -> c.to)] implies changed[c] else refused[c])
  /** mm.mmu-update.entry: plain memory is the guest's */
  c.table not in c.pre.type.L1 implies c.answer = Done and same[c.pre, c.post]
}

pred step [c: Call] {
  c in Pin implies pin[c]
  c in Unpin implies unpin[c]
  c in Update implies update[c]
}
pred traces { init[first] and all s: State - last | some c: Call | c.pre = s and c.post = s.next and step[c] }

assert starts { all s: State | init[s] implies inv[s] }
assert preserved { all c: Call | inv[c.pre] and step[c] implies inv[c.post] }
assert exclusive { traces implies all s: State | no tables[s] & mappedWritable[s] }
/** A type changes only while nobody holds the frame. */
assert stable {
  all c: Call, f: Frame | inv[c.pre] and step[c] and some c.pre.type[f] and some c.post.type[f] implies c.pre.type[f] = c.post.type[f]
}

check starts for 8 Frame, 2 Slot, 1 State, 0 Call expect 0
check preserved for 8 Frame, 2 Slot, 2 State, 1 Call expect 0
check stable for 8 Frame, 2 Slot, 2 State, 1 Call expect 0
check exclusive for 3 Frame, 2 Slot, 4 State, 3 Call expect 0

/** Broken: an entry is changed without a look at what the frame that it maps is in use as. */
pred updateAnyType [c: Update] { c.table in c.pre.type.L1 and c.toWritable in c.slot and changed[c] }
assert preservedByAnyType { all c: Update | inv[c.pre] and updateAnyType[c] implies inv[c.post] }
check preservedByAnyType for 3 Frame, 2 Slot, 2 State, 1 Call expect 1

/** Not vacuous: a table that maps something is let go, and becomes writable. */
run changesUse {
  traces and some f: Frame, disj s, t: State | lt[s, t] and f in s.type.L1 and some s.entry[f] and f in t.type.Writable
} for 3 Frame, 2 Slot, 5 State, 4 Call expect 1
run refuses { some c: Update | inv[c.pre] and update[c] and c.answer = Refused and c.table not in c.to } for 3 Frame, 2 Slot, 2 State, 1 Call expect 1
