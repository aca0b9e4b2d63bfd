// SPDX-License-Identifier: Apache-2.0
package org.provisor.impl.build;

import org.provisor.impl.bits.Addresses;

import java.util.List;

/// The image of a 64-bit paravirtual kernel, and what its notes say of where it wants to be.
///
/// @xen xen/include/public/elfnote.h
/// @xen xen/common/libelf/libelf-dominfo.c
public final class PvKernel {

    private static final int ENTRY = 1;
    private static final int HYPERCALL_PAGE = 2;
    private static final int VIRT_BASE = 3;
    private static final int PADDR_OFFSET = 4;
    private static final int XEN_VERSION = 5;
    private static final int GUEST_OS = 6;
    private static final int LOADER = 8;
    private static final int FEATURES = 10;
    private static final int INIT_P2M = 15;
    private static final int MOD_START_PFN = 16;
    private static final int SUPPORTED_FEATURES = 17;

    private static final String OWNER = "Xen";
    private static final String GENERIC = "generic";
    private static final String LINUX = "linux";
    private static final String VERSION = "xen-3.0";

    /// Bit of the features: it can be the first domain.
    private static final int FIRST_DOMAIN = 11;

    /// Features that a kernel may require. Xen asks only that it knows the name, even of a feature
    /// that the domain then finds absent.
    private static final List<String> KNOWN =
            List.of(
                    "writable_page_tables",
                    "writable_descriptor_tables",
                    "auto_translated_physmap",
                    "supervisor_mode_kernel",
                    "pae_pgdir_above_4gb",
                    "hvm_callback_vector",
                    "dom0");

    /// In place of an address: the notes say none.
    static final long UNSET = -1;

    private final ElfImage image;

    private long entry;
    private long base;
    private long physicalOffset;
    private long hypercallPage = UNSET;
    private long frameList = UNSET;
    private boolean moduleUnmapped;

    private String version = "";
    private String system = "";
    private String loader = "";
    private String features = "";
    private boolean mayBeFirst = true;

    /// Reads an image.
    ///
    /// @throws BadImageException if it is none of a 64-bit paravirtual kernel
    public PvKernel(final byte[] file) throws BadImageException {
        image = new ElfImage(file);
        entry = image.entry();
        boolean any = false;
        boolean based = false;
        boolean offset = false;
        for (final ElfImage.Note note : image.notes()) {
            if (note.owner().equals(OWNER)) {
                any = true;
                based |= note.type() == VIRT_BASE;
                offset |= note.type() == PADDR_OFFSET;
                read(note);
            }
        }
        if (!any) {
            throw new BadImageException("not a kernel for Xen: the file has no notes of Xen");
        }
        if (offset && !based) {
            throw new BadImageException("there is a note PADDR_OFFSET, but none VIRT_BASE");
        }
        check();
    }

    private void read(final ElfImage.Note note) {
        switch (note.type()) {
            case ENTRY -> entry = image.number(note);
            case HYPERCALL_PAGE -> hypercallPage = image.number(note);
            case VIRT_BASE -> base = image.number(note);
            case PADDR_OFFSET -> physicalOffset = image.number(note);
            case XEN_VERSION -> version = image.text(note);
            case GUEST_OS -> system = image.text(note);
            case LOADER -> loader = image.text(note);
            case FEATURES -> features = image.text(note);
            case INIT_P2M -> frameList = image.number(note);
            case MOD_START_PFN -> moduleUnmapped = image.number(note) != 0;
            case SUPPORTED_FEATURES -> mayBeFirst = (image.word(note, 0) >>> FIRST_DOMAIN & 1) != 0;
            default -> {
                // Says nothing of where things are to be.
            }
        }
    }

    private void check() throws BadImageException {
        if (!loader.startsWith(GENERIC) && !system.startsWith(LINUX)) {
            throw new BadImageException(
                    "not a paravirtual kernel: its notes say loader '%s', system '%s'"
                            .formatted(printable(loader), printable(system)));
        }
        if (!version.startsWith(VERSION)) {
            throw new BadImageException(
                    "not a kernel for Xen 3.0 and later: its note XEN_VERSION says '%s'"
                            .formatted(printable(version)));
        }
        final List<String> listed = List.of(features.split("\\|", -1));
        for (final String feature : listed) {
            if (feature.startsWith("!") && !KNOWN.contains(feature.substring(1))) {
                throw new BadImageException(
                        "it requires the feature '%s', which there is not"
                                .formatted(printable(feature.substring(1))));
            }
        }
        if (!mayBeFirst && !listed.contains("dom0") && !listed.contains("!dom0")) {
            throw new BadImageException("its notes say that it cannot be the first domain");
        }
        if ((base & Addresses.PAGE_OFFSET) != 0) {
            throw new BadImageException("VIRT_BASE is within a page: 0x%x".formatted(base));
        }
        if (hypercallPage != UNSET && (hypercallPage & Addresses.PAGE_OFFSET) != 0) {
            throw new BadImageException(
                    "HYPERCALL_PAGE is within a page: 0x%x".formatted(hypercallPage));
        }
        if (frameList != UNSET && (frameList & Addresses.PAGE_OFFSET) != 0) {
            throw new BadImageException("INIT_P2M is within a page: 0x%x".formatted(frameList));
        }
        if (start() - base < 0) {
            throw new BadImageException(
                    "the segment at 0x%x is below VIRT_BASE, 0x%x".formatted(start(), base));
        }
        if (end() - base < 0) {
            throw new BadImageException(
                    "it would end at 0x%x, too far from VIRT_BASE, 0x%x".formatted(end(), base));
        }
        if (entry - start() < 0 || entry - end() >= 0) {
            throw new BadImageException(
                    "the entry 0x%x is not between 0x%x and 0x%x, where the kernel is"
                            .formatted(entry, start(), end()));
        }
    }

    private static String printable(final String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    ElfImage image() {
        return image;
    }

    /// The linear address of a segment.
    long linear(final ElfImage.Segment segment) {
        return segment.address() - physicalOffset + base;
    }

    /// The first linear address of what is loaded.
    long start() {
        return linear(image.segments().getFirst());
    }

    /// The first linear address behind it.
    long end() {
        final ElfImage.Segment last = image.segments().getLast();
        return linear(last) + last.memoryBytes();
    }

    /// Where the kernel is entered.
    public long entry() {
        return entry;
    }

    /// Where the domain's memory begins.
    public long base() {
        return base;
    }

    /// Where the stubs of hypercalls are to be, or [#UNSET].
    long hypercallPage() {
        return hypercallPage;
    }

    /// Where the list of frames is to be mapped, or [#UNSET] for behind the kernel.
    long frameList() {
        return frameList;
    }

    /// Whether the module is not to be mapped.
    boolean moduleUnmapped() {
        return moduleUnmapped;
    }
}
