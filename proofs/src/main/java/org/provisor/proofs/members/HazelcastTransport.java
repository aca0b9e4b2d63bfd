// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.ClientConnectionStrategyConfig.ReconnectMode;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.nio.serialization.HazelcastSerializationException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/// Members that were started elsewhere, asked through Hazelcast. Whoever asks is no member: it
/// listens nowhere, and members come and go without it.
public final class HazelcastTransport implements Transport {

    private static final long PATIENCE_MILLIS = 5000;

    private final List<Address> addresses;
    private final String build;
    private final List<HazelcastInstance> clients = new ArrayList<>();
    private final Map<String, At> places = new ConcurrentHashMap<>();

    private volatile @Nullable Listener listener;
    private volatile boolean closed;

    /// A member and through whom it is asked.
    private record At(HazelcastInstance client, Member member) {}

    /// @param addresses of members; those that they have joined are asked too
    public HazelcastTransport(List<Address> addresses) {
        this(addresses, Build.current());
    }

    /// The same for another build than this is.
    HazelcastTransport(List<Address> addresses, String build) {
        this.addresses = List.copyOf(addresses);
        this.build = build;
    }

    @Override
    public void start(Listener to) {
        listener = to;
        try {
            for (Address address : addresses) {
                if (!places.containsKey(address.toString())) {
                    connect(address, to);
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void connect(Address address, Listener listener) {
        HazelcastInstance client;
        try {
            client = HazelcastClient.newHazelcastClient(config(address));
        } catch (HazelcastException | IllegalStateException | IllegalArgumentException e) {
            throw new MembersException("no member answers at " + address);
        }
        clients.add(client);
        client.getCluster()
                .addMembershipListener(
                        new MembershipListener() {
                            @Override
                            public void memberAdded(MembershipEvent event) {
                                // It will find out itself that it does not fit, and leave.
                                if (fits(event.getMember())) {
                                    join(client, event.getMember(), listener);
                                }
                            }

                            @Override
                            public void memberRemoved(MembershipEvent event) {
                                if (!closed) {
                                    leave(HazelcastMember.name(event.getMember()), listener);
                                }
                            }
                        });
        for (Member member : client.getCluster().getMembers()) {
            HazelcastMember.fits(member, build);
            join(client, member, listener);
        }
    }

    private static ClientConfig config(Address address) {
        ClientConfig config = new ClientConfig();
        config.setClusterName(HazelcastMember.CLUSTER);
        HazelcastMember.quiet().forEach(config::setProperty);
        config.getSerializationConfig()
                .setJavaSerializationFilterConfig(HazelcastMember.onlyRequests());
        config.getNetworkConfig().addAddress(address.toString());
        config.getConnectionStrategyConfig().setReconnectMode(ReconnectMode.OFF);
        config.getConnectionStrategyConfig()
                .getConnectionRetryConfig()
                .setClusterConnectTimeoutMillis(PATIENCE_MILLIS);
        return config;
    }

    private boolean fits(Member member) {
        return build.equals(member.getAttribute(HazelcastMember.BUILD));
    }

    private void join(HazelcastInstance client, Member member, Listener listener) {
        if (places.putIfAbsent(HazelcastMember.name(member), new At(client, member)) == null) {
            String jobs = Objects.requireNonNull(member.getAttribute(HazelcastMember.JOBS));
            listener.joined(HazelcastMember.name(member), Integer.parseInt(jobs));
        }
    }

    private void leave(String member, Listener listener) {
        places.remove(member);
        listener.left(member);
    }

    @Override
    public void send(String member, long number, byte[] request) {
        Listener to = listener;
        At at = places.get(member);
        if (to == null || at == null) {
            return;
        }
        ExecutionCallback<byte[]> answer =
                new ExecutionCallback<>() {
                    @Override
                    public void onResponse(byte[] bytes) {
                        to.answered(member, number, bytes);
                    }

                    @Override
                    public void onFailure(Throwable why) {
                        failed(to, member, number, why);
                    }
                };
        try {
            at.client()
                    .getExecutorService(HazelcastMember.WORK)
                    .submitToMember(new Asked(request), at.member(), answer);
        } catch (RuntimeException e) {
            failed(to, member, number, e);
        }
    }

    /// What cannot be read there is a fault of ours. Otherwise something stands between us and the
    /// member, or whoever was to pass it on: Hazelcast lets members do that for each other.
    private void failed(Listener to, String member, long number, Throwable why) {
        if (closed) {
            return;
        }
        Throwable cause =
                why instanceof ExecutionException && why.getCause() != null ? why.getCause() : why;
        if (cause instanceof HazelcastSerializationException) {
            to.answered(member, number, Workplace.failed(cause));
        } else if (isThere(member)) {
            to.returned(member, number);
        } else {
            leave(member, to);
        }
    }

    private boolean isThere(String member) {
        At at = places.get(member);
        try {
            return at != null
                    && at.client().getLifecycleService().isRunning()
                    && at.client().getCluster().getMembers().contains(at.member());
        } catch (HazelcastInstanceNotActiveException e) {
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        clients.forEach(client -> client.getLifecycleService().terminate());
    }
}
