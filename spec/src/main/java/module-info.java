// SPDX-License-Identifier: Apache-2.0

/// The executable specification.
module org.provisor.spec {
    requires transitive io.vavr;
    requires static org.jspecify;

    exports org.provisor.spec.abi;
    exports org.provisor.spec.example;
    exports org.provisor.spec.hypercall;
    exports org.provisor.spec.invariant;
    exports org.provisor.spec.mm;
    exports org.provisor.spec.notation;
    exports org.provisor.spec.pv;
    exports org.provisor.spec.state;
    exports org.provisor.spec.transition;
    exports org.provisor.spec.x86;
}
