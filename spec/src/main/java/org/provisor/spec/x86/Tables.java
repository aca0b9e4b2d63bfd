// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.x86;

import io.vavr.control.Option;

import org.provisor.spec.abi.Mfn;

/// The memory that a walk looks at.
public interface Tables {

    /// The word in a slot of a frame, 0 to 511; none where nothing is known of the frame.
    Option<Long> word(Mfn table, int slot);
}
