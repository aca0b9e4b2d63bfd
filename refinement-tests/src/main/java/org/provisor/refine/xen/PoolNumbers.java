// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.xen;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.FrameName.Kind;
import org.provisor.refine.program.FrameNumbers;

import java.util.Arrays;
import java.util.stream.LongStream;

/// Which frames of the machine the names of a program mean.
///
/// The last of the domain's frames is the level 3 table that leads to the probe: a root that a
/// program means to run on has it in slot 200.
final class PoolNumbers implements FrameNumbers {

    /// How many frames of devices have names. The domain may only look at the last.
    static final int DEVICES = 16;

    /// Xen's own frames that have names.
    private static final int XEN = 1;

    private final long[] owned;
    private final long[] devices;
    private final long shared;
    private final long xen;

    /// The index of the name of each frame, or -1.
    private final short[] names;

    PoolNumbers(int frames, long[] owned, long[] devices, long shared, long xen) {
        this.owned = owned.clone();
        this.devices = devices.clone();
        this.shared = shared;
        this.xen = xen;
        names = new short[frames];
        Arrays.fill(names, (short) -1);
        for (int i = 0; i < owned.length; i++) {
            names[(int) owned[i]] = (short) i;
        }
    }

    int count() {
        return owned.length;
    }

    /// The number of one of the domain's frames.
    long owned(int index) {
        return owned[index];
    }

    /// All frames of the hypervisor's table that have names.
    int[] all() {
        LongStream.Builder all = LongStream.builder();
        Arrays.stream(owned).forEach(all);
        Arrays.stream(devices).filter(device -> device < names.length).forEach(all);
        return all.add(shared).add(xen).build().mapToInt(Math::toIntExact).toArray();
    }

    /// Whether a frame has a name as one of the domain's.
    boolean named(long number) {
        return number >= 0 && number < names.length && names[(int) number] >= 0;
    }

    /// A name means another frame from here on.
    void rename(int index, long number) {
        names[(int) owned[index]] = -1;
        owned[index] = number;
        names[(int) number] = (short) index;
    }

    @Override
    public long number(FrameName frame) {
        int index = frame.index();
        return switch (frame.kind()) {
            case OWNED -> {
                check(frame, frame.domain() == 0 && index < owned.length);
                yield owned[index];
            }
            case SHARED -> {
                check(frame, frame.domain() == 0 && index == 0);
                yield shared;
            }
            case DEVICE -> {
                check(frame, index < DEVICES);
                yield devices[index];
            }
            case XEN -> {
                check(frame, index < XEN);
                yield xen;
            }
        };
    }

    private static void check(FrameName frame, boolean there) {
        if (!there || frame.index() < 0) {
            throw new IllegalArgumentException("there is no frame " + frame);
        }
    }

    @Override
    public @Nullable FrameName name(long number) {
        if (named(number)) {
            return FrameName.of(0, names[(int) number]);
        }
        if (number == shared) {
            return new FrameName(Kind.SHARED, 0, 0);
        }
        for (int i = 0; i < devices.length; i++) {
            if (number == devices[i]) {
                return new FrameName(Kind.DEVICE, 0, i);
            }
        }
        return number == xen ? new FrameName(Kind.XEN, 0, 0) : null;
    }

    /// A frame in words.
    String text(long number) {
        FrameName name = name(number);
        return "frame "
                + (name == null ? "" : name + " ")
                + "(mfn 0x"
                + Long.toHexString(number)
                + ")";
    }
}
