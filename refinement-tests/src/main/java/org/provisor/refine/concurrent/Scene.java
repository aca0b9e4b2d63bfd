// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.concurrent;

import org.provisor.spec.abi.Domid;
import org.provisor.spec.state.VcpuId;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// A state in which two vCPUs are to meet: how a machine gets there, and what the two can do then.
///
/// @param name of the state
/// @param words that the guest writes into its frames first
/// @param steps what vCPUs do then, one after the other
/// @param pairs the vCPUs that meet
/// @param calls what each of them can do
/// @param visits what the second can do one behind the other, so that little shows of it then
record Scene(
        String name,
        List<Word> words,
        List<Step> steps,
        List<Pair> pairs,
        List<Call> calls,
        List<List<Call>> visits) {

    /// A word of a frame.
    record Word(long mfn, int slot, long value) {}

    /// Something done on the way to the state.
    ///
    /// @param ending how it ends, in words
    record Step(VcpuId by, Call call, String ending) {}

    /// Two vCPUs: what the first does is interrupted by what the second does.
    record Pair(VcpuId first, VcpuId second) {}

    /// Something that a vCPU can do.
    ///
    /// @param name of it
    record Call(String name, Function<Calls, Element> made) {

        Element by(VcpuId by) {
            return made.apply(new Calls(by, TwoVcpus.GUEST));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static VcpuId vcpu(int domain, int number) {
        return new VcpuId(new Domid(domain), number);
    }

    /// Puts a scene together.
    static final class Builder {

        private final String name;
        private final List<Word> words;
        private final List<Step> steps = new ArrayList<>();
        private final List<Pair> pairs = new ArrayList<>();
        private final List<Call> calls = new ArrayList<>();
        private final List<List<Call>> visits = new ArrayList<>();

        Builder(String name, List<Word> words) {
            this.name = name;
            this.words = new ArrayList<>(words);
        }

        /// The guest writes one word more.
        Builder word(Word more) {
            words.add(more);
            return this;
        }

        /// A vCPU does something and is returned 0.
        Builder step(VcpuId by, Call call) {
            return step(by, call, "Returned[value=0]");
        }

        Builder step(VcpuId by, Call call, String ending) {
            steps.add(new Step(by, call, ending));
            return this;
        }

        Builder meet(VcpuId first, VcpuId second) {
            pairs.add(new Pair(first, second));
            return this;
        }

        Builder can(List<Call> some) {
            calls.addAll(some);
            return this;
        }

        Builder visit(Call call, Call back) {
            visits.add(List.of(call, back));
            return this;
        }

        Scene made() {
            return new Scene(
                    name,
                    List.copyOf(words),
                    List.copyOf(steps),
                    List.copyOf(pairs),
                    List.copyOf(calls),
                    List.copyOf(visits));
        }
    }
}
