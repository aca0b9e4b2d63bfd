// SPDX-License-Identifier: Apache-2.0
package org.provisor.proofs.smallworld;

import org.provisor.proofs.explore.Expander;
import org.provisor.proofs.explore.Trace;
import org.provisor.proofs.explore.World;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.example.Changes;
import org.provisor.spec.state.VcpuId;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The small world: a control domain and a guest with one vCPU each, and a few frames.
public final class SmallWorld implements World {

    static final Domid CONTROL = new Domid(0);
    static final Domid GUEST = new Domid(1);
    static final VcpuId CONTROL_VCPU = new VcpuId(CONTROL, 0);
    static final VcpuId GUEST_VCPU = new VcpuId(GUEST, 0);
    static final VcpuId SECOND_VCPU = new VcpuId(GUEST, 1);

    private static final int ATTEMPT_BITS = 20;

    private final WorldSize size;
    private final List<Action> actions;
    private final List<Rows> rows = new ArrayList<>();

    public SmallWorld(final WorldSize size) {
        this.size = size;
        actions = Actions.of(size);
        if (actions.size() > 1 << (Integer.SIZE - ATTEMPT_BITS)) {
            throw new IllegalArgumentException(actions.size() + " actions are too many");
        }
    }

    @Override
    public String configuration() {
        return "small world 2: " + size.text();
    }

    @Override
    public int width() {
        return Codec.width(size);
    }

    @Override
    public List<long[]> initial() {
        final long[] raw = new long[width()];
        new Codec(size).encode(new Codec(size).start(), raw);
        final long[] canonical = raw.clone();
        if (size.reduced()) {
            new Numbering(size).canonical(raw, canonical);
        }
        return List.of(canonical);
    }

    @Override
    public Expander expander() {
        final Rows counts = new Rows();
        synchronized (rows) {
            rows.add(counts);
        }
        return new SmallExpander(size, actions, counts);
    }

    /// How often each row decided in all expanders, by name. Not to be called while they work.
    public Map<String, Long> rows() {
        final Map<String, Long> all = new TreeMap<>();
        synchronized (rows) {
            rows.forEach(each -> each.addTo(all));
        }
        return all;
    }

    /// How many different actions there are, attempts not counted.
    public int actions() {
        return actions.size();
    }

    @Override
    public List<String> kinds() {
        return Stream.of(Action.Kind.values()).map(Action.Kind::toString).toList();
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // The place in the list that kinds() makes of the values.
    public int kind(final int action) {
        return actions.get(action(action)).kind().ordinal();
    }

    @Override
    public String describe(final long[] state) {
        final Codec codec = new Codec(size);
        return String.join("; ", Changes.between(codec.start(), codec.decode(state, 0)));
    }

    @Override
    public String describeAction(final long[] from, final int action) {
        return new Story(size, actions).action(from, action);
    }

    /// The label of an attempt at an action.
    static int label(final int action, final int attempt) {
        return (action << ATTEMPT_BITS) | attempt;
    }

    /// The number of the action of a label.
    static int action(final int label) {
        return label >>> ATTEMPT_BITS;
    }

    /// The number of the attempt of a label.
    static int attempt(final int label) {
        return label & ((1 << ATTEMPT_BITS) - 1);
    }

    /// A trace of this world in words: what happens, and what changes; a frame keeps its number.
    public String tell(final Trace trace) {
        return new Story(size, actions).of(trace);
    }
}
