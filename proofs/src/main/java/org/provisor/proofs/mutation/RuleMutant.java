// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

/// One error in the rules, made by an operator.
///
/// @param id what it is called: `PageTypes.put/negate-3` is the third such place in the method; it
///   stays the same while the method does
/// @param number by which it is switched on
/// @param place the number of the first mutant at its place in the code
/// @param clause the clause that the method states, or the one before it in the class helps with
/// @param type the class, without its package
/// @param method the method, as in the identifier
/// @param line of the source
/// @param what what is changed, in a few words
public record RuleMutant(
        String id,
        int number,
        int place,
        String clause,
        String type,
        String method,
        int line,
        Operator operator,
        String what) {}
