// SPDX-License-Identifier: Apache-2.0
package org.provisor.refine.harness;

import org.jspecify.annotations.Nullable;
import org.provisor.refine.program.FrameName;
import org.provisor.refine.program.FrameName.Kind;
import org.provisor.refine.program.FrameNumbers;
import org.provisor.refine.program.World;
import org.provisor.refine.program.World.DomainSetup;

import java.util.List;

/// Which frame got which number when the machine started.
public final class BootNumbers implements FrameNumbers {

    private final List<DomainSetup> domains;
    private final long[][] owned;
    private final long[][] shared;
    private final long[] devices;
    private final int xen;
    private final @Nullable FrameName[] names;

    /// Numbers of a machine whose first frames are Xen's own; the others are to be [#given].
    public BootNumbers(World world, int xen) {
        this.xen = xen;
        domains = world.domains();
        owned = new long[domains.size()][];
        shared = new long[domains.size()][];
        for (int i = 0; i < owned.length; i++) {
            owned[i] = new long[domains.get(i).pages()];
            shared[i] = new long[domains.get(i).shared()];
        }
        devices = new long[world.deviceFrames()];
        names = new @Nullable FrameName[world.frames()];
        for (int mfn = 0; mfn < xen; mfn++) {
            names[mfn] = new FrameName(Kind.XEN, 0, mfn);
        }
    }

    /// A frame got a number.
    public void given(FrameName frame, long number) {
        of(frame)[frame.index()] = number;
        names[(int) number] = frame;
    }

    @Override
    public long number(FrameName frame) {
        if (frame.kind() == Kind.XEN) {
            if (frame.index() < 0 || frame.index() >= xen) {
                throw none(frame);
            }
            return frame.index();
        }
        long[] all = of(frame);
        if (frame.index() < 0 || frame.index() >= all.length) {
            throw none(frame);
        }
        return all[frame.index()];
    }

    @Override
    public @Nullable FrameName name(long number) {
        return number >= 0 && number < names.length ? names[(int) number] : null;
    }

    /// A frame in words.
    public String text(long number) {
        FrameName name = name(number);
        return "frame "
                + (name == null ? "" : name + " ")
                + "(mfn 0x"
                + Long.toHexString(number)
                + ")";
    }

    private long[] of(FrameName frame) {
        return switch (frame.kind()) {
            case OWNED -> owned[index(frame)];
            case SHARED -> shared[index(frame)];
            case DEVICE -> devices;
            case XEN -> throw none(frame);
        };
    }

    private int index(FrameName frame) {
        for (int i = 0; i < domains.size(); i++) {
            if (domains.get(i).id() == frame.domain()) {
                return i;
            }
        }
        throw none(frame);
    }

    private static IllegalArgumentException none(FrameName frame) {
        return new IllegalArgumentException("there is no frame " + frame);
    }
}
