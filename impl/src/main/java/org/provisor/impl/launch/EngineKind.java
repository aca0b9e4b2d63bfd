// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.launch;

/// What carries out a guest's instructions. A guest cannot tell one from another, but by how long
/// it takes.
public enum EngineKind {
    /// Each instruction is decoded anew.
    INTERPRETER,
    /// What runs often is translated.
    TRANSLATOR
}
