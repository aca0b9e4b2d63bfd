// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.cpu;

/// How a snippet ended on the host.
///
/// @param signal 0 if it came to its end
/// @param vector the exception
/// @param errorCode its error code, 0 if it has none
/// @param address for a page fault: where
record HostOutcome(int signal, int vector, long errorCode, long address) {

    static final HostOutcome NOTHING = new HostOutcome(0, -1, 0, 0);
}
