// SPDX-License-Identifier: Apache-2.0

/// What happened on each vCPU, in binary, cheap enough to be always on.
///
/// A record is three words: the event, a number of [org.provisor.impl.trace.TraceEvent], and two
/// values that mean what the event says. Records have no time; they are numbered from 0 on, and a
/// buffer keeps the last of them. A buffer has one writer.
///
///     word 0   event
///     word 1   a
///     word 2   b
///
/// In a file, all little-endian:
///
///     offset  bytes
///      0      8      "PROVTRC" and a zero byte
///      8      4      version of the format, 1
///     12      4      bytes of a record, 24
///     16      8      number of the first record
///     24      8      how many records follow
///     32      24     each record, its three words
@NullMarked
package org.provisor.impl.trace;

import org.jspecify.annotations.NullMarked;
