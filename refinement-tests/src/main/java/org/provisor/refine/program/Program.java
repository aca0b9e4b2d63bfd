// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.program;

import java.util.List;

/// A machine, and what is done to it, one thing after the other.
public record Program(World world, List<Action> actions) {}
