// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.invariant;

import io.vavr.collection.List;
import io.vavr.control.Option;

import org.provisor.spec.state.Machine;

/// The invariants by name, with what each says.
public enum Invariant {
    REFERENCE_ALGEBRA("I1", "every counter is the number of holders, and what is held is owned"),
    WRITABLE_XOR_TABLE(
            "I2", "no frame in use as a page table or for descriptors can be written by a guest"),
    ENTRY_MASK("I3", "every checked entry has only flags that its level allows"),
    LINEAR_DEPTH(
            "I4",
            "a table has linear entries or is what they refer to, never both, and both are"
                    + " counted"),
    PARTIAL_STATE("I5", "how far a check has come fits what the frame is"),
    FREED_UNREACHABLE("I7", "nothing leads to a free frame"),
    CONSERVATION(
            "I11", "every frame is free, Xen's, or counted once by its owner; claims can be met"),
    RESIDUE("I20", "nothing is left of a domain that is gone");

    private final String number;
    private final String statement;

    Invariant(String number, String statement) {
        this.number = number;
        this.statement = statement;
    }

    /// Its number in the catalogue.
    public String number() {
        return number;
    }

    /// What it says.
    public String statement() {
        return statement;
    }

    /// A violation, in words.
    public record Violation(Invariant invariant, String where) {

        @Override
        public String toString() {
            return invariant.number() + " violated (" + invariant.statement() + "): " + where;
        }
    }

    /// The first violation found in a machine, if there is any.
    public static Option<Violation> violated(Machine machine) {
        Holds.Expected holds = Holds.count(machine);
        for (Invariant invariant : values()) {
            Option<String> wrong = invariant.check(machine, holds);
            if (wrong.isDefined()) {
                return Option.some(new Violation(invariant, wrong.get()));
            }
        }
        return Option.none();
    }

    /// What is wrong in a machine, of each invariant the first.
    public static List<Violation> violations(Machine machine) {
        Holds.Expected holds = Holds.count(machine);
        List<Violation> all = List.empty();
        for (Invariant invariant : values()) {
            Option<String> wrong = invariant.check(machine, holds);
            all = all.appendAll(wrong.map(where -> new Violation(invariant, where)));
        }
        return all;
    }

    private Option<String> check(Machine machine, Holds.Expected holds) {
        return switch (this) {
            case REFERENCE_ALGEBRA -> ReferenceAlgebra.wrong(machine, holds);
            case WRITABLE_XOR_TABLE -> WritableXorTable.wrong(machine);
            case ENTRY_MASK -> EntryMask.wrong(machine);
            case LINEAR_DEPTH -> LinearDepth.wrong(machine, holds);
            case PARTIAL_STATE -> PartialState.wrong(machine);
            case FREED_UNREACHABLE -> FreedUnreachable.wrong(machine, holds);
            case CONSERVATION -> Conservation.wrong(machine);
            case RESIDUE -> Residue.wrong(machine);
        };
    }
}
