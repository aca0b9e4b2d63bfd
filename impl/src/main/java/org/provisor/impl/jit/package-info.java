// SPDX-License-Identifier: Apache-2.0

/// The translator: guest code that runs often becomes a method of a hidden class.
///
/// [Translator] is the engine. What it finds at an address that it has seen often enough, a
/// [RegionScan] decodes: several blocks with their loops, a *region*. [RegionWriter] and what it
/// uses make one method of that, which HotSpot compiles like any other. [CodeCache] keeps regions,
/// and drops them when their bytes change.
@NullMarked
package org.provisor.impl.jit;

import org.jspecify.annotations.NullMarked;
