// SPDX-License-Identifier: Apache-2.0
/**
 * Linear tables: do tables that refer to tables of their own level ever keep each other in use?
 * Abstracts org.provisor.spec.mm.LinearTables, TableEntries, TableValidation, Demotion, at level 2.
 * Kept: level 2 tables, what each of their entries leads to, empty level 1 tables below.
 * Left out: the two counts (the bridge compares them with the entries) and their limits, owners,
 * preemption, contents of level 1 tables, the switch that turns linear tables off.
 */
module linear_tables
open util/ordering[State] as time

abstract sig Type {}
one sig L1, L2 extends Type {}
abstract sig Answer {}
one sig Done, Refused extends Answer {}
sig Frame, Slot {}

sig State {
  pinned: set Frame,
  type: Frame -> lone Type,              // while in use
  entry: Frame -> Slot -> lone Frame,    // of level 2 tables in use
  writable: Frame -> Slot                // those of them that let the guest write
}
fun leads [s: State]: Frame -> Frame { { f, g: Frame | f != g and g in Slot.(s.entry[f]) } }
fun linear [s: State]: Frame -> Frame { leads[s] :> s.type.L2 }

/** The guest calls. What has no type yet is empty, unless its contents are offered. */
abstract sig Call { pre, post: State, answer: Answer, table: Frame }
sig Pin extends Call { level: Type, offered: Slot -> lone Frame, offeredWritable: set Slot }
sig Unpin extends Call {}
sig Update extends Call { slot: Slot, to: lone Frame, toWritable: lone Slot }

pred init [s: State] { no s.pinned and no s.type and no s.entry and no s.writable }

/** invariant.linear-depth, invariant.reference-algebra */
pred inv [s: State] {
  no linear[s].Frame & Frame.(linear[s])
  s.type.Type = s.pinned + Frame.(leads[s])
  s.entry.Frame.Slot in s.type.L2 and s.writable in s.entry.Frame
  no s.writable & (s.entry.(s.type.L2))
}

pred refused [c: Call] {
  c.answer = Refused and c.post.pinned = c.pre.pinned and c.post.type = c.pre.type
  c.post.entry = c.pre.entry and c.post.writable = c.pre.writable
}

/** mm.linear.get: rows b; c; e; f, g */
pred canBeLinear [s: State, f, g: Frame, write: set Slot] {
  no write
  f = g or (f not in Frame.(linear[s]) and g not in linear[s].Frame and g in s.type.L2)
}
/** mm.entry.get-table: the entry leads to a table of the level below, or else to one of its own */
pred canHold [s: State, f, g: Frame, write: set Slot] { (f != g and s.type[g] in L1) or canBeLinear[s, f, g, write] }

/** mm.page-type.put, mm.entry.put-table: in use is what is pinned, or led to by what is. */
pred settled [c: Call, types: Frame -> Type, entries: Frame -> Slot -> Frame, writables: Frame -> Slot] {
  let u = c.post.type.Type {
    u = (c.post.pinned + { g: Frame | some f: u - g | g in Slot.(entries[f]) }) & types.Type
    c.post.type = u <: types
    c.post.entry = { f: u, p: Slot, g: Frame | f -> p -> g in entries }
    c.post.writable = u <: writables
  }
  c.answer = Done
}
/** A frame that an entry leads to and that has no type becomes a level 1 table. */
fun typed [s: State, f: Frame, level: Type, led: set Frame]: Frame -> Type {
  s.type + (f - s.type.Type) -> level + (led - f - s.type.Type) -> L1
}

/** mm.pin, mm.validate.table */
pred pin [c: Pin] {
  c.offeredWritable in c.offered.Frame and (c.level = L1 implies no c.offered)
  (c.table not in c.pre.pinned and c.pre.type[c.table] in c.level and
    (some c.pre.type[c.table] or all p: c.offered.Frame | canHold[c.pre, c.table, c.offered[p], p & c.offeredWritable])) implies {
    c.post.pinned = c.pre.pinned + c.table
    let new = c.table - c.pre.type.Type |
      settled[c, typed[c.pre, c.table, c.level, Slot.(new.(new -> c.offered))],
        c.pre.entry + new -> c.offered, c.pre.writable + new -> c.offeredWritable]
  } else refused[c]
}

/** mm.unpin, mm.demote, mm.demote.table */
pred unpin [c: Unpin] {
  c.table in c.pre.pinned implies {
    c.post.pinned = c.pre.pinned - c.table
    settled[c, c.pre.type, c.pre.entry, c.pre.writable]
  } else refused[c]
}

/** mm.entry.update-table, mm.entry.defer-table, mm.unfinished.finish */
pred changed [c: Update] {
  c.post.pinned = c.pre.pinned
  settled[c, typed[c.pre, c.table, L2, c.to],
    c.pre.entry - c.table -> c.slot -> Frame + c.table -> c.slot -> c.to,
    c.pre.writable - c.table -> c.slot + c.table -> c.toWritable]
}
pred sameEntry [c: Update] {
  some c.to and c.pre.entry[c.table][c.slot] = c.to and (c.table -> c.toWritable = c.pre.writable & c.table -> c.slot)
}
pred update [c: Update] {
  c.toWritable in c.slot and (no c.to implies no c.toWritable)
  c.table in c.pre.type.L2
  (no c.to or sameEntry[c] or canHold[c.pre, c.table, c.to, c.toWritable]) implies changed[c] else refused[c]
}

pred step [c: Call] {
  c in Pin implies pin[c]
  c in Unpin implies unpin[c]
  c in Update implies update[c]
}
pred traces { init[first] and all s: State - last | some c: Call | c.pre = s and c.post = s.next and step[c] }

assert starts { all s: State | init[s] implies inv[s] }
assert preserved { all c: Call | inv[c.pre] and step[c] implies inv[c.post] }
/** Every frame in use is so because of a pin: none would stay when all is unpinned. */
assert grounded { all s: State | inv[s] implies s.type.Type in s.pinned.*(leads[s]) }

check starts for 8 Frame, 2 Slot, 1 State, 0 Call expect 0
check preserved for 8 Frame, 2 Slot, 2 State, 1 Call expect 0
check grounded for 8 Frame, 2 Slot, 1 State, 0 Call expect 0
assert groundedTraces { traces implies all s: State | s.type.Type in s.pinned.*(leads[s]) }
check groundedTraces for 3 Frame, 2 Slot, 4 State, 3 Call expect 0

/** Broken: a table with linear entries may be named by one. Two tables keep each other for ever. */
pred updateDeep [c: Update] {
  c.table in c.pre.type.L2 and no c.toWritable and c.to in c.pre.type.L2 and changed[c]
}
pred deepTraces {
  init[first] and all s: State - last | some c: Call | c.pre = s and c.post = s.next and (step[c] or updateDeep[c])
}
assert groundedDeep { deepTraces implies all s: State | s.type.Type in s.pinned.*(leads[s]) }
check groundedDeep for 2 Frame, 2 Slot, 6 State, 5 Call expect 1

/** Not vacuous: a table that only a linear entry keeps in use, and then nothing does. */
run keeps {
  traces and some f: Frame, disj s, t: State | lt[s, t] and f in s.type.L2 - s.pinned and some leads[s][f] and no t.type[f]
} for 3 Frame, 2 Slot, 6 State, 5 Call expect 1
