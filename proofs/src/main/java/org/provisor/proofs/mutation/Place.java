// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.mutation;

import org.objectweb.asm.tree.InsnList;

/// What may stand at a place of the code in place of what stands there.
///
/// @param operator what makes it
/// @param what what is changed, in a few words
/// @param code finds the stack as the original does, and leaves it likewise or jumps or returns
record Place(Operator operator, String what, InsnList code) {}
