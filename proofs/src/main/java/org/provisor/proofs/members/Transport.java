// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

/// How requests get to members, and answers back.
public interface Transport extends AutoCloseable {

    /// Told of members and of what they answer, by any thread.
    interface Listener {

        /// A member is there.
        ///
        /// @param jobs how many requests it works on at once
        void joined(String member, int jobs);

        /// A member will not answer any more, as far as anybody can tell. It may be said twice.
        void left(String member);

        /// A request, or its answer, got lost on the way. The member may be well.
        void returned(String member, long number);

        /// A member has answered. That can be said of one that has left, and of one number twice.
        void answered(String member, long number, byte[] answer);
    }

    /// Begins to tell of members; those that are there now are told before this returns.
    ///
    /// @throws MembersException if nobody is there, or somebody who does not fit
    void start(Listener listener);

    /// Sends a request to a member, and does not wait for the answer.
    void send(String member, long number, byte[] request);

    @Override
    void close();
}
