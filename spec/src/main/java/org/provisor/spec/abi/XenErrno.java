// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.abi;

/// Xen's error numbers, as far as the specified calls use them. A call returns the negated number.
///
/// `EINTR` and `ERESTART` never reach a guest from the calls specified here: they travel between
/// rules and end as a continuation.
///
/// @xen xen/include/public/errno.h
public enum XenErrno {
    EPERM(1),
    ENOENT(2),
    ESRCH(3),
    EINTR(4),
    EIO(5),
    ENXIO(6),
    E2BIG(7),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EFAULT(14),
    EBUSY(16),
    EEXIST(17),
    EINVAL(22),
    ENOSPC(28),
    EDOM(33),
    ENOSYS(38),
    EILSEQ(84),
    ERESTART(85),
    EOPNOTSUPP(95),
    ENOBUFS(105);

    private final int number;

    XenErrno(int number) {
        this.number = number;
    }

    /// The positive number that stands in `public/errno.h`.
    public int number() {
        return number;
    }
}
