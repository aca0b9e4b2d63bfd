// SPDX-License-Identifier: Apache-2.0
package org.provisor.spec.state;

import org.provisor.spec.abi.Domid;

/// A virtual CPU of a domain.
public record VcpuId(Domid domain, int number) {

    @Override
    public String toString() {
        return domain + "v" + number;
    }
}
