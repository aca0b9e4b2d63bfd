// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.members;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// A member that does what it is asked for, until it is closed. Membership and the way of requests
/// are Hazelcast's.
public final class HazelcastMember implements AutoCloseable {

    /// What members of one kind call themselves, so that nobody else's cluster is joined.
    static final String CLUSTER = "provisor";

    /// Where requests are done.
    static final String WORK = "work";

    private static final String LOGGING = "hazelcast.logging.type";

    static final String WORKPLACE = "workplace";
    static final String BUILD = "build";
    static final String JOBS = "jobs";

    private final HazelcastInstance instance;

    private HazelcastMember(HazelcastInstance instance) {
        this.instance = instance;
    }

    /// Starts a member.
    ///
    /// @param bind where it listens
    /// @param join other members, of whom one must be there; none to be the first
    /// @param jobs how many requests it does at once
    /// @throws MembersException if it cannot listen there, or nobody is there to join
    public static HazelcastMember start(
            Address bind, List<Address> join, int jobs, Workplace workplace) {
        Config config = new Config();
        config.setClusterName(CLUSTER);
        quiet().forEach(config::setProperty);
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.setProperty("hazelcast.prefer.ipv4.stack", "false");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.getJetConfig().setEnabled(false);
        ConcurrentMap<String, Object> context = new ConcurrentHashMap<>();
        context.put(WORKPLACE, workplace);
        config.setUserContext(context);
        config.getMemberAttributeConfig().setAttribute(BUILD, Build.current());
        config.getMemberAttributeConfig().setAttribute(JOBS, Integer.toString(jobs));
        config.getExecutorConfig(WORK).setPoolSize(jobs).setQueueCapacity(0);
        config.getSerializationConfig().setJavaSerializationFilterConfig(onlyRequests());
        NetworkConfig network = config.getNetworkConfig();
        network.setPort(bind.port()).setPortAutoIncrement(false);
        network.getInterfaces().setEnabled(true).addInterface(number(bind));
        JoinConfig joining = network.getJoin();
        joining.getMulticastConfig().setEnabled(false);
        joining.getAutoDetectionConfig().setEnabled(false);
        joining.getTcpIpConfig().setEnabled(true);
        join.forEach(address -> joining.getTcpIpConfig().addMember(address.toString()));
        HazelcastInstance instance;
        try {
            instance = Hazelcast.newHazelcastInstance(config);
        } catch (RuntimeException e) {
            throw new MembersException("cannot listen at " + bind + ": " + e.getMessage());
        }
        HazelcastMember member = new HazelcastMember(instance);
        try {
            member.fits(join);
        } catch (MembersException e) {
            member.close();
            throw e;
        }
        return member;
    }

    private static String number(Address bind) {
        try {
            InetAddress address = InetAddress.getByName(bind.host());
            if (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) == null) {
                throw new MembersException(
                        "cannot listen at "
                                + bind
                                + ": it must be an address of this machine, by which others reach"
                                + " it");
            }
            return address.getHostAddress();
        } catch (UnknownHostException e) {
            throw new MembersException("there is no host " + bind.host());
        } catch (SocketException e) {
            throw new MembersException("cannot listen at " + bind + ": " + e.getMessage());
        }
    }

    /// @throws MembersException if nobody is there who was to be joined, or somebody of another
    ///   build
    private void fits(List<Address> join) {
        Set<Member> all = instance.getCluster().getMembers();
        if (!join.isEmpty() && all.size() == 1) {
            throw new MembersException("no member answers at " + texts(join));
        }
        all.forEach(other -> fits(other, Build.current()));
    }

    /// @throws MembersException if a member is not of a build
    static void fits(Member member, String build) {
        String its = member.getAttribute(BUILD);
        if (!build.equals(its)) {
            throw new MembersException(
                    "member " + name(member) + " is another build: " + its + "; this is " + build);
        }
    }

    /// What a member is called.
    static String name(Member member) {
        com.hazelcast.cluster.Address at = member.getAddress();
        return new Address(at.getHost(), at.getPort()).toString();
    }

    /// Nothing is logged, and nobody told that it runs.
    static Map<String, String> quiet() {
        // What is logged before there is a configuration asks the virtual machine.
        System.setProperty(LOGGING, "none");
        return Map.of(LOGGING, "none", "hazelcast.phone.home.enabled", "false");
    }

    /// Of Java's own serialization only requests are let in.
    static JavaSerializationFilterConfig onlyRequests() {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig();
        filter.getWhitelist().addClasses(Asked.class.getName());
        return filter;
    }

    static String texts(List<Address> addresses) {
        return String.join(", ", addresses.stream().map(Address::toString).toList());
    }

    /// Where it listens.
    public Address address() {
        return Address.of(name(instance.getCluster().getLocalMember()));
    }

    /// What this and members that it works with were built of.
    public static String build() {
        return Build.current();
    }

    /// Leaves at once, as if the process had ended.
    @Override
    public void close() {
        instance.getLifecycleService().terminate();
    }
}
