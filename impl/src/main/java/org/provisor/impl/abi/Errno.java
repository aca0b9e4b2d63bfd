// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.abi;

/// Xen's error numbers; a call returns them negated.
///
/// @xen xen/include/public/errno.h
public final class Errno {

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int ENXIO = 6;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int EINVAL = 22;
    public static final int EDOM = 33;
    public static final int ENOSYS = 38;
    public static final int EOPNOTSUPP = 95;

    /// What a method returns that stopped at a preemption check. It never reaches a guest: the call
    /// becomes a continuation.
    public static final int ERESTART = 85;

    private Errno() {}
}
