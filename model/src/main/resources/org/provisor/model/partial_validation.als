// SPDX-License-Identifier: Apache-2.0
/**
 * Partial validation: when checking a table or taking it apart stops at each entry, is everything
 * that its entries hold let go once, and by somebody?
 * Abstracts org.provisor.spec.mm.Validation, TableValidation, Demotion, UnfinishedTeardown, Pinning.
 * Kept: levels 1 to 3, tables of two slots, how far each has come, the entry at which it stopped,
 * what each of two vCPUs has to finish. One call is one attempt; every preemption check says yes.
 * Left out: counts (the bridge compares them with the holders), attempts that pass a check, contents
 * of level 1 tables, linear tables, owners, calls that first finish something; a frame that a table
 * stopped at and that by now is itself a level 3 table checked in part.
 */
module partial_validation
open util/ordering[State] as time

abstract sig Type {}
one sig L1, L2, L3 extends Type {}
abstract sig Answer {}
one sig Done, Refused, Again extends Answer {}
abstract sig Slot {}
one sig First, Last extends Slot {}
sig Frame, Vcpu {}

sig State {
  pinned: set Frame,
  type: Frame -> lone Type,              // while in use
  entry: Frame -> Slot -> lone Frame,    // of level 2 and 3 tables in use
  partial: set Frame,                    // in use through a reference of their own
  begun: set Frame,                      // partial, and the first entry holds its references
  stopped: set Frame,                    // partial, and the next entry holds a general reference
  unfinished: Vcpu -> lone Frame,        // to be taken apart
  untyped: set Vcpu                      // and the type reference is the frame's own
}
fun whole [s: State]: set Frame { s.type.(L2 + L3) - s.partial }
fun holds [s: State]: Frame -> Slot -> Frame { { f: whole[s], p: Slot, g: Frame | g = s.entry[f][p] } + { f: s.begun, p: First, g: Frame | g = s.entry[f][p] } }
fun typed [s: State]: set Frame { (Vcpu - s.untyped).(s.unfinished) }
fun next [s: State, f: Frame]: Slot { f in s.begun implies Last else First }

/** A vCPU calls. What is looked at and has no type yet is as offered; level 1 tables are empty. */
abstract sig Call { pre, post: State, answer: Answer, by: Vcpu, table: Frame }
sig Pin extends Call { level: Type, offered: Frame -> Slot -> lone Frame }
sig Unpin, Finish extends Call {}
fun words [c: Call]: Frame -> Slot -> Frame { c.pre.entry + (Frame - c.pre.type.(L2 + L3)) <: c.offered }

pred init [s: State] { no s.pinned and no s.type and no s.entry and no s.partial and no s.unfinished and no s.untyped and no s.begun and no s.stopped }

/** invariant.partial-state, invariant.reference-algebra: what is whole is held, what holds is remembered */
pred inv [s: State] {
  s.begun + s.stopped = s.partial and s.partial & s.type.L2 in s.begun - s.stopped
  s.partial in s.type.(L2 + L3) - s.pinned
  s.entry.Frame.Slot in s.type.(L2 + L3)
  all f: s.stopped | some s.entry[f][next[s, f]]
  all f: s.type.L3, p: Slot, g: Frame | f -> p -> g in holds[s] implies g in s.type.L2 - s.partial
  all f: s.type.L2, p: Slot, g: Frame | f -> p -> g in holds[s] implies g in s.type.L1
  s.type.Type - s.partial = s.pinned + Slot.(Frame.(holds[s])) + typed[s]
  s.untyped in s.unfinished.Frame and typed[s] in s.type.(L2 + L3)
}

pred valid [t: State, f: Frame, l: Type] { t.type[f] = l and f not in t.partial + t.begun + t.stopped }
pred stops [t: State, f: Frame, l: Type, first, more: set Frame] {
  t.type[f] = l and f in t.partial
  f in t.begun iff f in first
  f in t.stopped iff f in more
}
pred idle [t: State, f: Frame] { no t.type[f] & (L2 + L3) and f not in t.partial + t.begun + t.stopped }

/** Only these tables change; level 1 tables are in use while held: mm.page-type.put. */
pred changes [c: Call, tables: set Frame] {
  let s = c.pre, t = c.post | all f: Frame {
    f not in tables implies (t.type[f] & (L2 + L3) = s.type[f] & (L2 + L3) and (f in t.partial iff f in s.partial)
      and (f in t.begun iff f in s.begun) and (f in t.stopped iff f in s.stopped))
    t.entry[f] = (some t.type[f] & (L2 + L3) implies words[c][f] else none -> none)
    L1 in t.type[f] iff (f in t.pinned - s.pinned and c.level = L1 or f in t.pinned & s.type.L1 or f in Slot.(t.type.L2.(holds[t])))
  }
}
pred leaves [c: Call, left: Vcpu -> Frame, own: set Vcpu] {
  c.post.unfinished = (Vcpu - c.by) <: c.pre.unfinished + left
  c.post.untyped = c.pre.untyped - c.by + own
}
pred refused [c: Call] { c.answer = Refused and c.post.pinned = c.pre.pinned and changes[c, none] and leaves[c, none -> none, none] }

/** mm.validate.table at level 2: one entry; mm.entry.get-table for a level 1 table. */
pred fits2 [c: Call, g: Frame, busy: set Frame] {
  let h = words[c][g][next[c.pre, g]] | no h & (busy + g) and c.pre.type[h] in L1
}
pred tried2 [c: Call, g: Frame, busy: set Frame] {
  fits2[c, g, busy] iff (g in c.pre.partial implies valid[c.post, g, L2] else stops[c.post, g, L2, g, none])
  not fits2[c, g, busy] iff (g in c.pre.partial implies stops[c.post, g, L2, g, none] else idle[c.post, g])
}
fun below [c: Call, f: Frame]: set Frame { words[c][f][next[c.pre, f]] }
fun opens [c: Call, f: Frame]: set Frame { below[c, f] & (c.pre.type.L2 & c.pre.partial + (Frame - f - c.pre.type.Type)) }

/** How one attempt to check `f`, idle or partial, ends: mm.validate.table, rows e; a, b; c, d. */
pred goesOn [c: Call, f: Frame, l: Type] {
  l = L2 implies fits2[c, f, none]
  else below[c, f] in whole[c.pre] & c.pre.type.L2 + (opens[c, f] & { g: c.pre.partial | fits2[c, g, f] })
}
pred waits [c: Call, f: Frame, l: Type] { l = L3 and some g: opens[c, f] - c.pre.partial | fits2[c, g, f] }

/** mm.validate: what comes of it. */
pred tried [c: Call, f: Frame, l: Type] {
  let s = c.pre, t = c.post, opened = (l = L3 implies opens[c, f] else none) {
    changes[c, f + opened]
    all g: opened | tried2[c, g, f]
    goesOn[c, f, l] implies (f in s.begun implies valid[t, f, l] else stops[t, f, l, f, none])
    else waits[c, f, l] implies stops[t, f, l, s.begun, f]
    else (f in s.partial or some opened & s.partial) implies stops[t, f, l, s.begun, s.stopped + (some opened & s.partial implies f else none)]
    else idle[t, f]
    c.answer = (goesOn[c, f, l] and f in s.begun implies Done else (goesOn[c, f, l] or waits[c, f, l]) implies Again else Refused)
    t.pinned = s.pinned + (c.answer = Done implies f else none)
    (c.answer = Refused and f in t.partial) implies leaves[c, c.by -> f, c.by] else leaves[c, none -> none, none]
  }
}

/** mm.pin, mm.page-type.get */
pred pin [c: Pin] {
  no c.pre.unfinished[c.by]
  c.offered.Frame.Slot in (c.level = L1 implies none else c.table + (c.level = L3 implies opens[c, c.table] else none))
  let s = c.pre, f = c.table, l = c.level {
    (l = L1 and s.type[f] in L1 and f not in s.pinned or l != L1 and s.type[f] = l and f not in s.pinned + s.partial)
      implies { c.answer = Done and c.post.pinned = s.pinned + f and changes[c, none] and leaves[c, none -> none, none] }
    else (s.type[f] not in l or l = L1) implies refused[c]
    else f in s.pinned implies { c.answer = Refused and c.post.pinned = s.pinned and changes[c, none] and leaves[c, c.by -> f, none] }
    else tried[c, f, l]
  }
}

/** How far taking `f` apart comes, whose last type reference goes: mm.demote, mm.demote.table. */
pred apart [c: Call, f: Frame] {
  let s = c.pre, t = c.post, held = f & s.stopped, p = (f in s.partial and not (f in s.begun and f in s.stopped) implies First else Last),
      g = f.(s.type.L3 <: s.entry)[p],
      last = (some held implies g & s.partial else g - t.pinned - typed[t] - Slot.(Frame.(holds[s] - f -> p -> g))) {
    changes[c, f + last]
    no held implies last in whole[s] else last in s.type.L2
    all h: last | h in s.partial implies idle[t, h] else stops[t, h, L2, h, none]
    f in s.type.L2 and f in s.partial implies idle[t, f]
    f in s.type.L2 - s.partial implies stops[t, f, L2, f, none]
    f in s.type.L3 and some last - s.partial implies stops[t, f, L3, (p = Last implies f else none), f]
    f in s.type.L3 and no last - s.partial implies (p = Last implies stops[t, f, L3, f, none] else idle[t, f])
  }
}

/** mm.unpin */
pred unpin [c: Unpin] {
  no c.pre.unfinished[c.by]
  let s = c.pre, f = c.table | f not in s.pinned implies refused[c] else {
    c.answer = Done and c.post.pinned = s.pinned - f
    (f in s.type.L1 + Slot.(Frame.(holds[s])) + typed[s]) implies (changes[c, none] and leaves[c, none -> none, none])
    else (apart[c, f] and leaves[c, c.by -> f, c.by])
  }
}

/** mm.unfinished.finish, mm.page-type.put */
pred finish [c: Finish] {
  c.post.pinned = c.pre.pinned
  let s = c.pre, f = c.table, t = c.post | f = s.unfinished[c.by] and
    ((c.by in s.untyped implies f in s.partial
      else f not in s.pinned + Slot.(Frame.(holds[s])) + (Vcpu - c.by - s.untyped).(s.unfinished)) implies {
      apart[c, f]
      f in t.partial implies (c.answer = Again and leaves[c, c.by -> f, c.by]) else (c.answer = Done and leaves[c, none -> none, none])
    } else (c.answer = Done and changes[c, none] and leaves[c, none -> none, none]))
}

pred step [c: Call] {
  c in Pin implies pin[c]
  c in Unpin implies unpin[c]
  c in Finish implies finish[c]
}
pred traces { init[first] and all s: State - last | some c: Call | c.pre = s and c.post = s.next and step[c] }

assert starts { all s: State | init[s] implies inv[s] }
assert preserved { all c: Call | inv[c.pre] and step[c] implies inv[c.post] }
/** What is partial or whole can always be let go: who finishes what it left comes to an end, or further. */
assert progress { all c: Finish | inv[c.pre] and step[c] and c.answer = Again implies
  c.table in c.post.partial and (c.table in c.pre.partial implies
    c.table in c.pre.begun - c.post.begun or c.table in c.pre.stopped - c.post.stopped) }

check starts for 8 Frame, 2 Vcpu, 1 State, 0 Call expect 0
check preserved for 8 Frame, 2 Vcpu, 2 State, 1 Call expect 0
check progress for 8 Frame, 2 Vcpu, 2 State, 1 Call expect 0
assert held { traces implies all s: State | Slot.(Frame.(holds[s])) in s.type.Type - s.partial }
check held for 3 Frame, 2 Vcpu, 4 State, 3 Call expect 0

/** Broken: a table whose check fails has no type any more, although entries of it hold what they lead to. */
pred pinForgets [c: Pin] {
  c.post.pinned = c.pre.pinned and c.table in c.pre.begun and c.answer = Refused and idle[c.post, c.table]
  changes[c, c.table] and leaves[c, none -> none, none]
}
assert preservedByForgetting { all c: Pin | inv[c.pre] and pinForgets[c] implies inv[c.post] }
check preservedByForgetting for 3 Frame, 2 Vcpu, 2 State, 1 Call expect 1

/** Not vacuous: a level 3 table is pinned after a stop within the table below; one is taken apart again. */
run completes { traces and some f: Frame, disj s, t: State | lt[s, t] and f in s.stopped and f in t.pinned & t.type.L3 } for 3 Frame, 1 Vcpu, 5 State, 4 Call expect 1
run unwinds { traces and some f: Frame, disj s, t: State | lt[s, t] and f in s.stopped & s.unfinished[Vcpu] and no t.type } for 2 Frame, 1 Vcpu, 8 State, 7 Call expect 1
