// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.mm;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// What memory management keeps of a domain. All domains are paravirtual and of 64 bits.
public final class Domain {

    /// Where a domain is in its life.
    public static final int ALIVE = 0;

    /// It never runs again; its memory is being taken apart.
    public static final int DYING = 1;

    /// Nothing of it is left but the frames that others still hold.
    public static final int DEAD = 2;

    private static final VarHandle PAGES_LOCK;

    static {
        try {
            PAGES_LOCK = MethodHandles.lookup().findVarHandle(Domain.class, "pagesLock", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final int id;
    final boolean control;
    final boolean hardware;
    final FrameSet owned;

    /// The frames of memory-mapped devices that it may map; none where it may map none.
    final @Nullable FrameSet devices;

    final boolean ports;
    final boolean assigned;
    final long forbiddenL1;
    final Vcpu[] vcpus;

    /// The one domain it may act on besides itself, or -1.
    volatile int target;

    volatile long maxPages;

    /// Changed with [#lockPages] held, as is `claim`.
    volatile long totPages;

    volatile long claim;

    /// Set before its teardown starts, and with [#lockPages] held.
    volatile int life = ALIVE;

    volatile long assists;

    /// What its vCPUs have run on, as a mask of processors.
    volatile long dirtyProcessors;

    int teardownStage;
    long teardownNext;

    /// Address, size and type of each range, three words each; changed and read with [#lockPages]
    /// held.
    final long[] memoryMap = new long[3 * MemoryMaps.MAX_RANGES];

    volatile int memoryMapRanges;

    /// The frame that Xen shares with it, or -1.
    volatile long sharedInfo = -1;

    @SuppressWarnings("unused") // by PAGES_LOCK
    private volatile int pagesLock;

    /// Held by who sets a vCPU up. He may have to wait for others, who may want to bring one up or
    /// down meanwhile: that is done with another lock.
    private final Object settingUp = new Object();

    private final Object lives = new Object();

    private volatile VcpuRunner runner = VcpuRunner.NOBODY;

    /// What a domain is created with.
    ///
    /// @param id its identifier
    /// @param control whether it may act on every domain
    /// @param hardware whether it is the hardware domain
    /// @param maxPages how many frames it may have
    /// @param vcpus how many vCPUs
    /// @param devices the frames of memory-mapped devices it may map, or none
    /// @param ports whether it has any I/O port
    /// @param assigned whether a device is assigned to it
    public record Config(
            int id,
            boolean control,
            boolean hardware,
            long maxPages,
            int vcpus,
            @Nullable FrameSet devices,
            boolean ports,
            boolean assigned) {}

    Domain(final Host host, final Config config) {
        id = config.id();
        control = config.control();
        hardware = config.hardware();
        maxPages = config.maxPages();
        devices = config.devices();
        ports = config.ports();
        assigned = config.assigned();
        owned = new FrameSet(host.frames().size());
        target = -1;
        forbiddenL1 = EntryFlags.forbiddenL1(mayFlushCaches() || assigned);
        vcpus = new Vcpu[config.vcpus()];
        for (int number = 0; number < vcpus.length; number++) {
            vcpus[number] = new Vcpu(host, this, number);
        }
    }

    public int id() {
        return id;
    }

    /// What is to be held to set a vCPU up.
    public Object settingUp() {
        return settingUp;
    }

    public VcpuRunner runner() {
        return runner;
    }

    /// Says who runs its vCPUs.
    public void runBy(final VcpuRunner now) {
        runner = now;
    }

    /// Says whether a vCPU is set up and is to run.
    ///
    /// @param life see [VcpuLife]
    public void setLife(final Vcpu who, final int life) {
        synchronized (lives) {
            who.life = life;
        }
    }

    /// Has a vCPU run.
    ///
    /// @return whether it is initialised; if not nothing has changed
    public boolean bringUp(final Vcpu who) {
        synchronized (lives) {
            if (who.life == VcpuLife.UNINITIALISED) {
                return false;
            }
            who.life = VcpuLife.UP;
            return true;
        }
    }

    /// Has a vCPU stop, soon.
    ///
    /// @return whether another one is up; if not nothing has changed
    public boolean bringDown(final Vcpu who) {
        synchronized (lives) {
            boolean others = false;
            for (final Vcpu vcpu : vcpus) {
                others |= vcpu != who && vcpu.life == VcpuLife.UP;
            }
            if (others && who.life == VcpuLife.UP) {
                who.life = VcpuLife.DOWN;
            }
            return others;
        }
    }

    public boolean control() {
        return control;
    }

    public boolean hardware() {
        return hardware;
    }

    public int target() {
        return target;
    }

    /// Says which domain it may act on besides itself.
    public void setTarget(final int other) {
        target = other;
    }

    public long maxPages() {
        return maxPages;
    }

    public long totPages() {
        return totPages;
    }

    public long claim() {
        return claim;
    }

    public int life() {
        return life;
    }

    public long assists() {
        return assists;
    }

    public @Nullable FrameSet devices() {
        return devices;
    }

    public boolean ports() {
        return ports;
    }

    public boolean assigned() {
        return assigned;
    }

    /// The frame that Xen shares with it, or -1.
    public long sharedInfo() {
        return sharedInfo;
    }

    public FrameSet owned() {
        return owned;
    }

    public Vcpu vcpu(final int number) {
        return vcpus[number];
    }

    public int vcpus() {
        return vcpus.length;
    }

    /// How far its teardown has come: the stage, 0 to 5.
    public int teardownStage() {
        return teardownStage;
    }

    /// How far its teardown has come: the frames of the stage that are visited are those below.
    public long teardownNext() {
        return teardownNext;
    }

    public int memoryMapRanges() {
        return memoryMapRanges;
    }

    /// Address, size and type of each range, three words each.
    public long[] memoryMap() {
        return memoryMap;
    }

    boolean dying() {
        return life != ALIVE;
    }

    boolean assists(final int type) {
        return (assists >>> type & 1) != 0;
    }

    /// Whether it may act on `other`: itself, its target, or anybody for a control domain.
    boolean mayActOn(final int other) {
        return control || other == id || other == target;
    }

    /// Whether it may write caches back and ask for large extents.
    boolean mayFlushCaches() {
        return ports || devices != null;
    }

    boolean mayMapDevice(final long mfn) {
        return devices != null && mfn < devices.capacity() && devices.contains(mfn);
    }

    void lockPages() {
        int looks = 0;
        while (!PAGES_LOCK.compareAndSet(this, 0, 1)) {
            Waiting.aMoment(++looks);
        }
    }

    void unlockPages() {
        PAGES_LOCK.setRelease(this, 0);
    }
}
