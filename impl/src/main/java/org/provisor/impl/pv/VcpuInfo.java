// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.pv;

/// What entries look at and change in the information that Xen and a vCPU share. The guest may
/// change it at any time.
///
/// @xen xen/include/public/xen.h, struct vcpu_info
public interface VcpuInfo {

    /// Whether events are pending.
    boolean upcallPending();

    /// The byte by which the guest masks events; 0 where they are not masked.
    int upcallMask();

    void setUpcallMask(int mask);

    /// Where the last page fault was.
    void setCr2(long address);
}
