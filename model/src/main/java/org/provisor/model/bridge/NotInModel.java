// SPDX-License-Identifier: Apache-2.0
package org.provisor.model.bridge;

/// A machine or an outcome that a model has no words for.
final class NotInModel extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotInModel(String what) {
        super(what);
    }
}
