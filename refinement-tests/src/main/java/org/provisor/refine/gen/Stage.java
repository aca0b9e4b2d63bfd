// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.gen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.harness.CallPages;
import org.provisor.refine.harness.Run;
import org.provisor.refine.program.Action;
import org.provisor.refine.program.Action.Stimulus;
import org.provisor.refine.program.CallMemory;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.Operand;
import org.provisor.refine.program.World;
import org.provisor.spec.abi.Domid;
import org.provisor.spec.state.Domain;
import org.provisor.spec.state.Domains;
import org.provisor.spec.state.Frame;
import org.provisor.spec.state.Machine;
import org.provisor.spec.state.Vcpu;

import java.util.List;

/// What a move sees, decides and does. Everything done is done at once, so that a move sees what
/// came of it.
public final class Stage {

    /// Does what a move asks for.
    public interface Doer {

        /// Does it.
        ///
        /// @return whether the program goes on; if not, what is asked for from here on is not done
        boolean perform(Action action);
    }

    /// What no domain and no frame is: there is none of the sort that was looked for.
    static final int NONE = -1;

    /// After how many checks a call is preempted: at once, or about where a table ends.
    private static final int[] PATIENCE = {
        0, 0, 0, 1, 1, 2, 3, 4, 5, 8, 253, 254, 255, 271, 508, 509, 510, 511, 512, 513, 1021, 1023
    };

    /// A call preempted sooner than this at each attempt is made again hundreds of times.
    private static final int SOON = 100;

    /// How often a caller tries while a domain is dying: what it waits for may not come to an end
    /// before that does.
    private static final int TRIES_WHILE_DYING = 5;

    private static final Stimulus PATIENT_WHILE_DYING =
            new Stimulus(Integer.MAX_VALUE, 0, List.of(), TRIES_WHILE_DYING);

    private final Chance chance;
    private final Batch batch = new Batch(this);
    private final FrameIndex frames;
    private @Nullable World world;
    private @Nullable Run run;
    private @Nullable Doer doer;
    private Domid[] domids = new Domid[0];
    private @Nullable Domain[] domains = new Domain[0];
    private @Nullable Domains seen;
    private @Nullable Operand[] numbers = new Operand[0];
    private boolean over;
    private boolean destroyed;
    private int unrest;

    public Stage(Chance chance) {
        this.chance = chance;
        frames = new FrameIndex(chance);
    }

    /// Begins with a program on a machine that has just started.
    public void start(World on, Run started, Doer by) {
        world = on;
        run = started;
        doer = by;
        over = false;
        destroyed = false;
        unrest = 0;
        if (domids.length != on.domains().size()) {
            domids = new Domid[on.domains().size()];
            domains = new Domain[on.domains().size()];
        }
        seen = null;
        for (int i = 0; i < domids.length; i++) {
            domids[i] = new Domid(on.domains().get(i).id());
        }
        numbers = new Operand[on.frames()];
        frames.choose(started.choosable());
    }

    /// How much is done to calls that their callers do not decide, from 0 to 3.
    void setUnrest(int now) {
        unrest = now;
    }

    // Looking.

    Chance chance() {
        return chance;
    }

    Batch batch() {
        return batch;
    }

    World world() {
        World on = world;
        if (on == null) {
            throw new IllegalStateException("not started");
        }
        return on;
    }

    private Run run() {
        Run started = run;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    /// Whether nothing more is done.
    public boolean over() {
        return over;
    }

    Machine machine() {
        return run().machine();
    }

    Frame frame(long mfn) {
        return run().machine().frames().get((int) mfn);
    }

    /// A word of a frame now.
    long word(long mfn, int slot) {
        return run().word(mfn, slot);
    }

    /// A word of a page table that is checked, or being checked, as the hypervisor sees it.
    long entry(long mfn, int slot) {
        var contents = frame(mfn).table().contents();
        return contents.known() && slot < contents.slots() ? contents.word(slot) : 0;
    }

    // Domains.

    /// A domain, living or not; null if there is none of this number any more.
    @SuppressWarnings("ReferenceEquality")
    @Nullable Domain domain(int id) {
        Domains now = run().machine().domains();
        if (now != seen) {
            seen = now;
            for (int i = 0; i < domids.length; i++) {
                domains[i] = now.get(domids[i]).getOrNull();
            }
        }
        for (int i = 0; i < domids.length; i++) {
            if (domids[i].value() == id) {
                return domains[i];
            }
        }
        return null;
    }

    /// A domain with a vCPU that runs, or NONE.
    int caller() {
        int first = chance.below(domids.length + 1);
        for (int i = 0; i <= domids.length; i++) {
            // Twice as often the second domain, which is the first ordinary guest.
            int place = (first + i) % (domids.length + 1);
            int index = place == domids.length ? Math.min(1, domids.length - 1) : place;
            if (runs(domids[index].value())) {
                return domids[index].value();
            }
        }
        return NONE;
    }

    /// Whether a domain has a vCPU that runs.
    boolean runs(int id) {
        Domain domain = domain(id);
        return domain != null && !domain.dying() && firstUp(domain) != NONE;
    }

    /// A vCPU of a domain that runs.
    int vcpu(int id) {
        Domain domain = domain(id);
        int count = domain == null ? 0 : domain.vcpus().size();
        int chosen = count < 2 || chance.percent(70) ? 0 : chance.below(count);
        return domain == null || count == 0 || domain.vcpus().get(chosen).up()
                ? chosen
                : Math.max(0, firstUp(domain));
    }

    private static int firstUp(Domain domain) {
        for (int vcpu = 0; vcpu < domain.vcpus().size(); vcpu++) {
            if (domain.vcpus().get(vcpu).up()) {
                return vcpu;
            }
        }
        return NONE;
    }

    /// What a vCPU has, or null.
    @Nullable Vcpu state(int id, int vcpu) {
        Domain domain = domain(id);
        return domain == null || vcpu >= domain.vcpus().size() ? null : domain.vcpus().get(vcpu);
    }

    /// Another domain that is still there, or NONE.
    int other(int than) {
        if (domids.length < 2) {
            return NONE;
        }
        int first = chance.below(domids.length);
        for (int i = 0; i < domids.length; i++) {
            int id = domids[(first + i) % domids.length].value();
            if (id != than && domain(id) != null) {
                return id;
            }
        }
        return NONE;
    }

    /// A control domain that runs, or NONE.
    int control() {
        for (Domid domid : domids) {
            Domain domain = domain(domid.value());
            if (domain != null && domain.control() && runs(domid.value())) {
                return domid.value();
            }
        }
        return NONE;
    }

    /// A domain that is dying or dead, or NONE.
    int dying() {
        for (Domid domid : domids) {
            Domain domain = domain(domid.value());
            if (domain != null && domain.dying()) {
                return domid.value();
            }
        }
        return NONE;
    }

    // Frames.

    /// The number of a frame of a sort, or NONE.
    ///
    /// @param owner whose, or NONE for anybody's
    long frame(int owner, Wanted wanted) {
        return frames.find(run().machine().frames(), owner, wanted);
    }

    /// The first of these sorts that there is; any frame of the machine otherwise.
    long frameOr(int owner, Wanted wanted, Wanted otherwise) {
        long found = frame(owner, wanted);
        if (found != NONE) {
            return found;
        }
        long second = frame(owner, otherwise);
        return second != NONE ? second : chance.below(run().machine().frames().size());
    }

    /// The number of some frame from a domain's point of view: mostly its own, sometimes somebody
    /// else's, a device's, Xen's, nobody's, or none at all.
    long someFrame(int domain) {
        return switch (chance.below(16)) {
            case 0, 1 -> frameOr(domain, Wanted.UNUSED, Wanted.ANY);
            case 2 -> frameOr(other(domain), Wanted.ANY, Wanted.ANY);
            case 3 -> device();
            case 4 -> chance.below(run().machine().frames().size());
            case 5 -> Edges.frame(chance, run().machine().frames().size());
            case 6 -> frameOr(domain, Wanted.SHARED, Wanted.ANY);
            case 7 -> frameOr(domain, Wanted.HEAVY, Wanted.TABLE);
            case 8, 9 -> frameOr(domain, Wanted.TABLE, Wanted.ANY);
            default -> frameOr(domain, Wanted.ANY, Wanted.ANY);
        };
    }

    /// A device's frame; any if the machine has none.
    long device() {
        int count = world().deviceFrames();
        return count == 0
                ? chance.below(run().machine().frames().size())
                : run().numbers()
                        .number(new FrameName(FrameName.Kind.DEVICE, 0, chance.below(count)));
    }

    /// A frame's number, by its name if it has one.
    Operand number(long mfn) {
        if (mfn < 0 || mfn >= numbers.length) {
            return Operand.of(mfn);
        }
        Operand known = numbers[(int) mfn];
        if (known == null) {
            FrameName name = run().numbers().name(mfn);
            known = name == null ? Operand.of(mfn) : Operand.number(name);
            numbers[(int) mfn] = known;
        }
        return known;
    }

    /// A frame's address with these bits added, by the frame's name if it has one.
    Operand address(long mfn, long low) {
        FrameName name = number(mfn).frame();
        return name == null
                ? Operand.of((mfn << 12 & Edges.FRAME_MASK) + low)
                : Operand.address(name, low);
    }

    /// A machine address, which unlike an entry has no bits to spare.
    Operand place(long mfn, long offset) {
        FrameName name = number(mfn).frame();
        return name == null ? Operand.of((mfn << 12) + offset) : Operand.address(name, offset);
    }

    /// What a root has to have in slot [CallMemory#ROOT_SLOT], or null.
    @Nullable Operand rootEntry() {
        return run().rootEntry();
    }

    // Doing.

    /// Does something.
    void act(Action action) {
        Doer by = doer;
        if (!over && by != null) {
            destroyed |= action instanceof Action.Destroy;
            over = !by.perform(action);
        }
    }

    /// A domain's kernel writes a word into what it hands to calls, if it is not there already.
    void poke(int domain, long linear, Operand value) {
        if (!over
                && linear >= CallMemory.START
                && linear <= CallMemory.START + CallMemory.READABLE - 8
                && run().callWord(domain, linear) != value.resolve(run().numbers())) {
            act(new Action.Poke(domain, linear, value));
        }
    }

    /// A domain's kernel writes a word into a frame, if it is not there already.
    void fill(int domain, long mfn, int slot, Operand value) {
        if (!over
                && mfn >= 0
                && mfn < numbers.length
                && run().word(mfn, slot) != value.resolve(run().numbers())) {
            act(new Action.Fill(domain, number(mfn), slot, value));
        }
    }

    /// A call without anything around it that its caller does not decide.
    void call(int domain, int vcpu, int number, List<Operand> arguments) {
        call(domain, vcpu, number, arguments, calm());
    }

    void call(int domain, int vcpu, long number, List<Operand> arguments, Stimulus stimulus) {
        act(new Action.Call(domain, vcpu, Operand.of(number), arguments, stimulus));
    }

    /// Nothing happens around a call.
    Stimulus calm() {
        return destroyed ? PATIENT_WHILE_DYING : Stimulus.NONE;
    }

    /// What happens around a call that its caller does not decide.
    ///
    /// @param domain whose kernel makes the call
    /// @param list where what the call is handed is
    /// @param words how long that is
    Stimulus stimulus(int domain, long list, int words) {
        int bound = unrest == 0 ? 32 : 12 - 3 * unrest;
        return switch (chance.below(bound)) {
            case 0, 1 -> preempted();
            case 2 ->
                    chance.oneIn(2)
                            ? new Stimulus(
                                    Integer.MAX_VALUE, failed(), List.of(), calm().attempts())
                            : flipped(domain, list, words);
            default -> calm();
        };
    }

    /// A call that is preempted, and perhaps left at that.
    Stimulus preempted() {
        int patience =
                chance.oneIn(4) ? chance.below(600) : PATIENCE[chance.below(PATIENCE.length)];
        int often = patience < SOON ? 12 : 3;
        int attempts = chance.oneIn(often) ? Integer.MAX_VALUE : 1 + chance.below(5);
        return new Stimulus(patience, 0, List.of(), Math.min(attempts, calm().attempts()));
    }

    /// A call that is preempted soon and left at that.
    Stimulus abandoned() {
        return new Stimulus(chance.below(4), 0, List.of(), 1 + chance.below(2));
    }

    private long failed() {
        return chance.oneIn(4) ? -1L : 1L << chance.below(4);
    }

    /// One or two words of the list change, after they were read once or twice.
    private Stimulus flipped(int domain, long list, int words) {
        if (words <= 0) {
            return calm();
        }
        int place = chance.below(words);
        Action.Flip first = flip(domain, list, words, place);
        List<Action.Flip> flips =
                words > 1 && chance.oneIn(3)
                        ? List.of(first, flip(domain, list, words, next(words, place)))
                        : List.of(first);
        return new Stimulus(Integer.MAX_VALUE, 0, flips, calm().attempts());
    }

    /// The word after one of a list, or before it.
    private static int next(int words, int place) {
        return place + 1 < words ? place + 1 : place - 1;
    }

    /// A word becomes what could stand there as well: a frame's number or address, any word, or
    /// what stands elsewhere in the list.
    private Action.Flip flip(int domain, long list, int words, int place) {
        int reads = chance.oneIn(4) ? 2 : 1;
        long frame = chance.below(numbers.length);
        Operand value =
                switch (chance.below(4)) {
                    case 0 -> number(frame);
                    case 1 -> place(frame, 8L * Edges.slot(chance) + chance.below(4));
                    case 2 -> elsewhere(domain, list + 8L * chance.below(words));
                    default -> Operand.of(Edges.word(chance));
                };
        return new Action.Flip(list + 8L * place, reads, value);
    }

    private Operand elsewhere(int domain, long linear) {
        return Operand.of(
                CallPages.readable(linear, Long.BYTES) ? run().callWord(domain, linear) : 0);
    }
}
