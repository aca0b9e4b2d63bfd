// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a member listens.
///
/// @param host a name or a number; of IPv6 without its brackets
/// @param port 0 to 65535; 0 for one that is free
public record Address(String host, int port) {

    private static final Pattern TEXT =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\s:\\[\\]]+)):(\\d{1,5})");

    private static final int MAX_PORT = 65535;

    /// An address like `10.0.0.5:5701`, `there:5701` or `[::1]:5701`.
    ///
    /// @throws MembersException if it is none
    public static Address of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > MAX_PORT) {
            throw new MembersException(
                    "a member's address is HOST:PORT, like 127.0.0.1:5701, not " + text);
        }
        String number = matcher.group(1);
        return new Address(
                number == null ? matcher.group(2) : number, Integer.parseInt(matcher.group(3)));
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
