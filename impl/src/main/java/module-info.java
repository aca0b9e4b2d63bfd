// SPDX-License-Identifier: Apache-2.0

/// The hypervisor.
module org.provisor.impl {
    requires static transitive org.jspecify;
    requires org.objectweb.asm;

    exports org.provisor.impl;
    exports org.provisor.impl.abi;
    exports org.provisor.impl.bits;
    exports org.provisor.impl.build;
    exports org.provisor.impl.cpu;
    exports org.provisor.impl.decode;
    exports org.provisor.impl.hypercall;
    exports org.provisor.impl.interp;
    exports org.provisor.impl.ir;
    exports org.provisor.impl.jit;
    exports org.provisor.impl.launch;
    exports org.provisor.impl.memory;
    exports org.provisor.impl.mm;
    exports org.provisor.impl.paging;
    exports org.provisor.impl.pv;
    exports org.provisor.impl.tlb;
    exports org.provisor.impl.trace;
}
