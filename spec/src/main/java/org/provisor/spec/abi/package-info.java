// SPDX-License-Identifier: Apache-2.0
/// What a guest can see: numbers, flags, registers, and the layout of every structure it shares.
///
/// Three kinds of class live here. *Values* name what a register or a field can hold
/// ([Mfn][org.provisor.spec.abi.Mfn], [Hypercall][org.provisor.spec.abi.Hypercall]). *Structures*
/// state a [Layout][org.provisor.spec.abi.Layout] and go both ways between guest bytes and a
/// record. [Invocation][org.provisor.spec.abi.Invocation] goes both ways between registers and a
/// typed call.
///
/// Nothing here decides anything: there is no rule, no state and no check. A field that cannot hold
/// what is put into it is a bug in the caller and an exception; what a *guest* may get wrong is
/// always a value. `XenHeadersTest` compares every number and every offset with Xen's own headers.
@NullMarked
package org.provisor.spec.abi;

import org.jspecify.annotations.NullMarked;
