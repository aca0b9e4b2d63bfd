// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.seeded.loaded;

/// Exceptions in words, as a small world says them.
final class Exceptions {

    private static final int LONGEST = 60;

    private Exceptions() {}

    static String summary(Throwable e) {
        String what = "exception: " + e.getClass().getSimpleName();
        String message = e.getMessage();
        if (message == null) {
            return what;
        }
        return what
                + ": "
                + (message.length() > LONGEST ? message.substring(0, LONGEST) + "..." : message);
    }
}
