// SPDX-License-Identifier: Apache-2.0
/**
 * Exchange: does a frame leave a domain's hands only while nobody refers to it, and does the domain
 * have as many afterwards?
 * Abstracts org.provisor.spec.mm.StealPage, ExchangeChunk, ExchangeEnd, Allocator.
 * Kept: owners, allocation, pins (as a way to refer to a frame), dying domains, a chunk of one or two
 * frames with all the ways in which it fails.
 * Left out: counts (the bridge compares them), claims, several chunks, orders above 1, limits of
 * addresses, frame numbers of the guest, faults on its lists.
 */
module exchange
open util/ordering[State] as time

abstract sig Domain {}
one sig Control, Guest extends Domain {}
abstract sig Answer {}
one sig Done, Refused extends Answer {}
sig Frame {}

sig State {
  owner: Frame -> lone Domain,    // of a frame that is not free
  allocated, pinned: set Frame,
  dying: set Domain
}
fun live [s: State]: set Frame { s.owner.Domain }
fun free [s: State]: set Frame { Frame - live[s] }

/** A living domain calls for one that it may act on; the rest is refused. */
abstract sig Call { pre, post: State, answer: Answer, by, of: Domain, frame: Frame }
/** `frame` and perhaps another, in this order, for as many that are free. */
sig Exchange extends Call { second: lone Frame, given: set Frame }
sig Pin, Unpin, Decrease extends Call {}
pred mayActOn [c: Call] { c.by = c.of or c.by = Control }
pred refersTo [c: Call] { mayActOn[c] and c.pre.owner[c.frame] = c.of }

pred init [s: State] { no s.pinned and no s.dying and s.allocated = live[s] }

/** invariant.reference-algebra, invariant.freed-unreachable */
pred inv [s: State] { live[s] = s.allocated + s.pinned and Control not in s.dying }

pred same [c: Call] { c.post.owner = c.pre.owner and c.post.allocated = c.pre.allocated and c.post.pinned = c.pre.pinned }
pred refused [c: Call] { c.answer = Refused and same[c] }

/** mm.steal-page, row d: all references there are is the allocation. */
fun unused [s: State, d: Domain]: set Frame { s.owner.d & s.allocated - s.pinned }
fun gives [c: Exchange]: set Frame { c.frame + c.second }
/** mm.allocate, mm.allocate.given: one at a time, none of those stolen. */
pred enough [c: Exchange] { some c.second implies not lone free[c.pre] else some free[c.pre] }

/** mm.exchange.undo: the frames stolen so far are the domain's again, or nobody's if it is dying. */
pred undone [c: Exchange, stolen: set Frame] {
  let lost = (c.of in c.pre.dying implies stolen else none) {
    c.answer = Refused and no c.given
    c.post.owner = (Frame - lost) <: c.pre.owner
    c.post.allocated = c.pre.allocated - lost and c.post.pinned = c.pre.pinned
  }
}
/** mm.exchange.given, mm.exchange.lost */
pred exchanged [c: Exchange] {
  let new = (c.of in c.pre.dying implies none else c.given) {
    c.answer = Done
    c.given in free[c.pre] and #c.given = #gives[c]
    c.post.owner = (Frame - gives[c]) <: c.pre.owner + new -> c.of
    c.post.allocated = c.pre.allocated - gives[c] + new and c.post.pinned = c.pre.pinned
  }
}
/** mm.exchange.chunk */
pred exchange [c: Exchange] {
  c.frame not in c.second
  let steals = unused[c.pre, c.of] {
    (not mayActOn[c] or c.frame not in steals) implies undone[c, none]
    else c.second not in steals implies undone[c, c.frame]
    else not enough[c] implies undone[c, gives[c]]
    else exchanged[c]
  }
}

/** mm.pin, mm.unpin, mm.decrease.frame */
pred held [c: Call, frames: set Frame, pins: set Frame] {
  c.answer = Done and c.post.allocated = frames and c.post.pinned = pins
  c.post.owner = (frames + pins) <: c.pre.owner
}
pred pin [c: Pin] {
  not (refersTo[c] and c.frame not in c.pre.pinned) implies refused[c]
  else c.of in c.pre.dying implies (c.answer = Done and same[c])
  else held[c, c.pre.allocated, c.pre.pinned + c.frame]
}
pred unpin [c: Unpin] {
  (refersTo[c] and c.frame in c.pre.pinned) implies held[c, c.pre.allocated, c.pre.pinned - c.frame] else refused[c]
}
pred decrease [c: Decrease] {
  refersTo[c] implies held[c, c.pre.allocated - c.frame, c.pre.pinned] else refused[c]
}

pred step [c: Call] {
  c.by not in c.pre.dying and c.post.dying = c.pre.dying
  c in Exchange implies exchange[c]
  c in Pin implies pin[c]
  c in Unpin implies unpin[c]
  c in Decrease implies decrease[c]
}
/** The guest may begin to die between any two calls. */
pred traces {
  init[first] and all s: State - last | some c: Call | c.pre = s and step[c] and c.post.dying in s.next.dying and s.next.dying in Guest
    and s.next.owner = c.post.owner and s.next.allocated = c.post.allocated and s.next.pinned = c.post.pinned
}

assert starts { all s: State | init[s] implies inv[s] }
assert preserved { all c: Call | inv[c.pre] and step[c] implies inv[c.post] }
/** Only what nobody but its owner's allocation refers to changes hands, and it comes out unused. */
assert unreferenced { all c: Exchange, f: Frame | inv[c.pre] and step[c] and c.pre.owner[f] != c.post.owner[f] implies
  f not in c.pre.pinned + c.post.pinned and (some c.pre.owner[f] implies f in c.pre.allocated) }
/** A living domain has as many frames as before; a dying one gets none. */
assert conserved { all c: Exchange, d: Domain | inv[c.pre] and step[c] implies
  (d in c.pre.dying implies c.post.owner.d in c.pre.owner.d else #(c.post.owner.d) = #(c.pre.owner.d)) }

check starts for 8 Frame, 1 State, 0 Call expect 0
check preserved for 8 Frame, 2 State, 1 Call expect 0
check unreferenced for 8 Frame, 2 State, 1 Call expect 0
check conserved for 8 Frame, 2 State, 1 Call, 5 Int expect 0
assert heldTraces { traces implies all s: State | s.pinned in live[s] }
check heldTraces for 4 Frame, 5 State, 4 Call expect 0

/** Broken: whatever the owner has can be exchanged, pinned or not. */
pred exchangeUsed [c: Exchange] {
  c.frame not in c.second and mayActOn[c] and gives[c] in c.pre.owner.(c.of) and enough[c] and exchanged[c] and c.post.dying = c.pre.dying
}
assert preservedUsed { all c: Exchange | inv[c.pre] and exchangeUsed[c] implies inv[c.post] }
check preservedUsed for 3 Frame, 2 State, 1 Call expect 1

/** Not vacuous: a pair is exchanged; one is undone half way for a dying domain. */
run pair { some c: Exchange | inv[c.pre] and step[c] and c.answer = Done and some c.second and c.of not in c.pre.dying } for 5 Frame, 2 State, 1 Call expect 1
run half { some c: Exchange | inv[c.pre] and step[c] and c.answer = Refused and c.pre.owner != c.post.owner } for 3 Frame, 2 State, 1 Call expect 1
