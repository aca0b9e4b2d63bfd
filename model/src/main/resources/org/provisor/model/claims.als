// SPDX-License-Identifier: Apache-2.0
/**
 * Claims: is what was promised to a domain always there?
 * Abstracts org.provisor.spec.mm.Claims, AssignPages, Allocator, References.
 * Kept: owners, allocation, pins (as a way to keep a frame from being free), claims as numbers.
 * Left out: the other counts (the bridge compares them), limits of memory, orders, dying domains.
 */
module claims
open util/ordering[State] as time

abstract sig Domain {}
one sig Control, Guest extends Domain {}
abstract sig Answer {}
one sig Done, Refused extends Answer {}
sig Frame {}

sig State {
  owner: Frame -> lone Domain,    // of a frame that is not free
  allocated, pinned: set Frame,
  claim: Domain -> one Int        // how many free frames are kept back for it
}
fun live [s: State]: set Frame { s.owner.Domain }
fun free [s: State]: set Frame { Frame - live[s] }
fun claimed [s: State]: Int { plus[s.claim[Control], s.claim[Guest]] }

/** A domain calls for one that it may act on; the rest is refused. */
abstract sig Call { pre, post: State, answer: Answer, by, of: Domain }
sig Claim extends Call { total: Int }
sig Increase extends Call { given: lone Frame }
sig Decrease, Pin, Unpin extends Call { frame: Frame }
pred mayActOn [c: Call] { c.by = c.of or c.by = Control }
pred refersTo [c: Call, f: Frame] { mayActOn[c] and c.pre.owner[f] = c.of }

pred init [s: State] { no s.pinned and s.allocated = live[s] and all d: Domain | s.claim[d] = 0 }

/** invariant.conservation */
pred inv [s: State] {
  live[s] = s.allocated + s.pinned
  all d: Domain | s.claim[d] >= 0 and s.claim[d] <= #Frame
  claimed[s] <= #free[s]
}

pred owns [c: Call, frames, pins: set Frame, more: Frame -> Domain] {
  c.post.allocated = frames and c.post.pinned = pins
  c.post.owner = (frames + pins) <: (c.pre.owner + more)
}
pred refused [c: Call] {
  c.answer = Refused and c.post.claim = c.pre.claim
  owns[c, c.pre.allocated, c.pre.pinned, none -> none]
}
pred claims [c: Call, d: Domain, n: Int] { c.post.claim = c.pre.claim ++ d -> n }

/** mm.claim.leaves: so many more frames are free than are claimed. */
pred leaves [s: State, n: Int] { plus[n, claimed[s]] <= #free[s] }

/** mm.claim, mm.claim.stake */
pred claim [c: Claim] {
  c.total >= 0 and c.total <= #Frame
  let has = #(c.pre.owner.(c.of)) |
    (c.by = Control and (c.total = 0 or (c.pre.claim[c.of] = 0 and c.total > has and leaves[c.pre, minus[c.total, has]]))) implies {
      c.answer = Done and owns[c, c.pre.allocated, c.pre.pinned, none -> none]
      claims[c, c.of, c.total = 0 implies 0 else minus[c.total, has]]
    } else refused[c]
}

/** mm.increase.extent, mm.assign, mm.allocate: from what is kept back for it, or from what is not kept back. */
pred increase [c: Increase] {
  c.given in free[c.pre]
  some c.given iff mayActOn[c] and (c.pre.claim[c.of] > 0 or leaves[c.pre, 1])
  some c.given implies given[c] else refused[c]
}
pred given [c: Increase] {
  c.answer = Done and owns[c, c.pre.allocated + c.given, c.pre.pinned, c.given -> c.of]
  claims[c, c.of, c.pre.claim[c.of] > 0 implies minus[c.pre.claim[c.of], 1] else 0]
}

/** mm.ref.put: a claim that is left grows by what becomes free. */
pred less [c: Call, frames, pins: set Frame] {
  c.answer = Done and owns[c, frames, pins, none -> none]
  claims[c, c.of, (c.pre.claim[c.of] > 0 and some live[c.pre] - live[c.post]) implies plus[c.pre.claim[c.of], 1] else c.pre.claim[c.of]]
}
/** mm.decrease.frame, mm.pin, mm.unpin */
pred decrease [c: Decrease] {
  refersTo[c, c.frame] implies less[c, c.pre.allocated - c.frame, c.pre.pinned] else refused[c]
}
pred pin [c: Pin] {
  (refersTo[c, c.frame] and c.frame not in c.pre.pinned) implies less[c, c.pre.allocated, c.pre.pinned + c.frame] else refused[c]
}
pred unpin [c: Unpin] {
  (refersTo[c, c.frame] and c.frame in c.pre.pinned) implies less[c, c.pre.allocated, c.pre.pinned - c.frame] else refused[c]
}

pred step [c: Call] {
  c in Claim implies claim[c]
  c in Increase implies increase[c]
  c in Decrease implies decrease[c]
  c in Pin implies pin[c]
  c in Unpin implies unpin[c]
}
pred traces { init[first] and all s: State - last | some c: Call | c.pre = s and c.post = s.next and step[c] }

assert starts { all s: State | init[s] implies inv[s] }
assert preserved { all c: Call | inv[c.pre] and step[c] implies inv[c.post] }
/** Whoever has a claim is given a frame when it asks for one. */
assert met { all c: Increase | inv[c.pre] and step[c] and mayActOn[c] and c.pre.claim[c.of] > 0 implies some c.given }
/** What one domain does leaves the other's claim alone. */
assert others { all c: Call, d: Domain | inv[c.pre] and step[c] and c.of != d implies c.post.claim[d] = c.pre.claim[d] }

check starts for 8 Frame, 1 State, 0 Call, 6 Int expect 0
check preserved for 8 Frame, 2 State, 1 Call, 6 Int expect 0
check met for 8 Frame, 2 State, 1 Call, 6 Int expect 0
check others for 8 Frame, 2 State, 1 Call, 6 Int expect 0
assert keptTraces { traces implies all s: State | claimed[s] <= #free[s] }
check keptTraces for 3 Frame, 4 State, 3 Call, 5 Int expect 0

/** Broken: frames are given out whoever they are kept back for. */
pred increaseAny [c: Increase] { mayActOn[c] and some c.given and c.given in free[c.pre] and given[c] }
assert preservedByAny { all c: Increase | inv[c.pre] and increaseAny[c] implies inv[c.post] }
check preservedByAny for 3 Frame, 2 State, 1 Call, 5 Int expect 1

/** Not vacuous: a claim is used, and grows again by what is given back; one is refused for another's. */
run grows { traces and some disj s, t, u: State | lt[s, t] and lt[t, u] and s.claim[Guest] = 2 and t.claim[Guest] = 1 and u.claim[Guest] = 2 } for 4 Frame, 5 State, 4 Call, 5 Int expect 1
run refuses { some c: Increase | inv[c.pre] and step[c] and mayActOn[c] and some free[c.pre] and c.answer = Refused } for 3 Frame, 2 State, 1 Call, 5 Int expect 1
