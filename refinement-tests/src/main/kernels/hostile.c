// SPDX-License-Identifier: Apache-2.0
// A paravirtual kernel that is up to no good: it carries out random bytes, makes random hypercalls,
// builds random page tables, changes its own code and makes up more of it than anything can keep.
// Exceptions bring it back to what it does next, so that it goes on until it has ruined itself.
//
// Its command line is of words: seed=N, and kinds=A+B of code, calls, tables, modify, flood (all
// without).

#include "start-info.h"

enum {
    SET_TRAP_TABLE = 0,
    MMU_UPDATE = 1,
    STACK_SWITCH = 3,
    SET_CALLBACKS = 4,
    MEMORY_OP = 12,
    UPDATE_VA_MAPPING = 14,
    IRET = 23,
    MMUEXT_OP = 26,
    SCHED_OP = 29,
    NO_CALL = 63,
    NEW_BASEPTR = 5,
    NEW_USER_BASEPTR = 15,
    UNPIN = 4,
    DOMID_SELF = 0x7ff0,
    KERNEL_CODE = 0xe033,
    KERNEL_DATA = 0xe02b
};

#define WRITABLE 0x67
#define READ_ONLY 0x65
#define FRAME 0xffffffffffUL

struct trap_info {
    uint8_t vector, flags;
    uint16_t cs;
    uint64_t address;
};

// ---- What hostile-entry.S has -------------------------------------------------------------------

extern char start[], again[], stack_end[];
extern volatile uint64_t registers[], jump_to;
uint64_t call5(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e);
uint64_t call_code(const volatile void *address);
void in_kernel(void), in_user(void);
void kernel_main(const struct start_info *information);
void mischief(void);

// ---- Memory ------------------------------------------------------------------------------------

#define PAGE __attribute__((aligned(4096)))

enum { ENTRIES = 512, CODE_PAGES = 192, DATA_PAGES = 16, TABLES = 8, WORDS = 1024 };

// Functions of the flood: so many bytes each.
enum { SPOT = 32, SPOTS = CODE_PAGES * 4096 / SPOT };

static volatile uint8_t code[CODE_PAGES * 4096] PAGE;
static volatile uint8_t data[DATA_PAGES * 4096] PAGE;
static volatile uint64_t tables[TABLES][ENTRIES] PAGE;
static volatile uint64_t words[WORDS] PAGE;
static uint64_t low_stack[ENTRIES] PAGE;

static const struct start_info *info;
static const uint64_t *frames;
static uint64_t pages, kernel_root;

enum { CODE = 1, CALLS = 2, TREES = 4, MODIFY = 8, FLOOD = 16, ALL = 31 };
static uint64_t kinds;

// ---- Chance ------------------------------------------------------------------------------------

static uint64_t state;

static uint64_t any(void) {
    uint64_t mixed = state += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return mixed ^ mixed >> 31;
}

static uint64_t below(uint64_t limit) {
    return any() % limit;
}

static int once_in(uint64_t many) {
    return below(many) == 0;
}

// Whoever looks on sees that we have not run into an endless loop.
static void show_life(void) {
    call5(NO_CALL, 0, 0, 0, 0, 0);
}

// ---- Values ------------------------------------------------------------------------------------

static uint64_t frame_of(const volatile void *address) {
    return frames[((uint64_t)address - BASE) >> 12];
}

static uint64_t table_page(void) {
    return info->pt_base + (below(info->nr_pt_frames) << 12);
}

static uint64_t frame(void) {
    switch (below(8)) {
        case 0: return frame_of((const void *)table_page());
        case 1: return frame_of(tables[below(TABLES)]);
        case 2: return frame_of(data) + below(DATA_PAGES);
        case 3: return below(2 * pages);
        case 4: return once_in(4) ? any() & FRAME : info->shared_info >> 12;
        default: return frames[below(pages)];
    }
}

static uint64_t address(void) {
    switch (below(10)) {
        case 0: return (uint64_t)code + below(sizeof code);
        case 1: return table_page() + (below(ENTRIES) << 3);
        case 2: return (uint64_t)tables + below(sizeof tables);
        case 3: return 0xffff800000000000 + below(pages << 4);
        case 4: return once_in(2) ? any() : BASE + below(pages << 12);
        case 5: return (uint64_t)data + ((1 + below(DATA_PAGES - 1)) << 12) - below(17);
        default: return (uint64_t)data + (below(sizeof data) & ~7UL);
    }
}

static uint64_t entry(void) {
    uint64_t flags = once_in(8) ? (any() & 0xfff) | (any() << 63)
                                : (once_in(2) ? WRITABLE : READ_ONLY);
    return frame() << 12 | flags;
}

static uint64_t number(void) {
    switch (below(8)) {
        case 0: return any();
        case 1: return address();
        case 2: return frame();
        case 3: return entry();
        case 4: return (1UL << below(64)) + below(3) - 1;
        default: return below(64);
    }
}

static uint64_t domain(void) {
    static const uint64_t ids[] = {DOMID_SELF, DOMID_SELF, DOMID_SELF, 0,      1,
                                   2,          0x7ff1,     0x7ff2,     0x7fff, 0x7ff4};
    return once_in(16) ? any() : ids[below(10)];
}

// ---- Random code -------------------------------------------------------------------------------

static void random_bytes(uint64_t at, uint64_t count) {
    static const uint8_t leads[] = {0x0f, 0x48, 0x66, 0xf3, 0xf2, 0x8b, 0x89, 0xff, 0xf7, 0x81,
                                    0xd8, 0xdd, 0xdf, 0xf0, 0x87, 0xc7, 0xa4, 0xab, 0x50, 0xcf};
    uint64_t style = below(3);
    uint64_t source = below(8192);
    for (uint64_t i = 0; i < count; i++) {
        uint8_t byte = (uint8_t)any();
        if (style == 1 && once_in(3)) {
            byte = leads[below(sizeof leads)];
        } else if (style == 2 && !once_in(24)) {
            // The kernel's own code, here and there another.
            byte = (uint8_t)start[source + i];
        }
        code[at + i] = byte;
    }
}

static void run_code(void) {
    uint64_t at = below(sizeof code - 512);
    random_bytes(at, 64 + below(400));
    for (int i = 0; i < 16; i++) {
        registers[i] = once_in(3) ? number() : address();
    }
    registers[4] = once_in(16) ? number() : (uint64_t)(low_stack + ENTRIES / 2);
    jump_to = (uint64_t)code + at;
    // Where the stack is wrong in its own mode, an exception is the end of it.
    if (once_in(8)) {
        in_kernel();
    } else {
        in_user();
    }
}

// ---- Random hypercalls -------------------------------------------------------------------------

// What the next argument points to.
static uint64_t filled(uint64_t hypercall) {
    uint64_t at = once_in(8) ? WORDS - below(16) : below(WORDS / 2);
    for (uint64_t i = at; i < WORDS && i < at + 48; i++) {
        uint64_t value = number();
        if (hypercall == MMU_UPDATE) {
            value = (i - at) % 2 ? entry() : frame() << 12 | below(ENTRIES) << 3 | below(4);
        } else if (hypercall == MMUEXT_OP) {
            uint64_t field = (i - at) % 3;
            value = field == 0 ? below(20) : field == 1 ? frame() : number();
        } else if (hypercall == MEMORY_OP) {
            uint64_t field = (i - at) % 3;
            value = field == 0   ? (once_in(2) ? (uint64_t)(words + WORDS / 2) : address())
                    : field == 1 ? below(20)
                                 : below(12) | (domain() & 0xffff) << 32;
        }
        words[i] = value;
    }
    return (uint64_t)(words + at);
}

static void call_something(void) {
    static const uint8_t common[] = {MMU_UPDATE, MMU_UPDATE, MMUEXT_OP, MMUEXT_OP,
                                     MEMORY_OP,  MEMORY_OP,  UPDATE_VA_MAPPING, UPDATE_VA_MAPPING};
    uint64_t hypercall = once_in(3) ? below(64) : common[below(sizeof common)];
    if ((hypercall == SCHED_OP || hypercall == IRET) && !once_in(64)) {
        return;
    }
    uint64_t pointer = filled(hypercall);
    switch (hypercall) {
        case MMU_UPDATE:
        case MMUEXT_OP:
            call5(hypercall, pointer, once_in(16) ? any() : below(24),
                  once_in(4) ? (uint64_t)words : 0, domain(), 0);
            break;
        case UPDATE_VA_MAPPING:
            call5(hypercall, address(), entry(), below(8), 0, 0);
            break;
        case MEMORY_OP:
            call5(hypercall, below(30), pointer, 0, 0, 0);
            break;
        default:
            call5(hypercall, once_in(2) ? pointer : number(), number(),
                  once_in(2) ? pointer : number(), number(), number());
    }
}

// ---- Random page tables ------------------------------------------------------------------------

static uint64_t operation(uint64_t command, uint64_t argument) {
    uint64_t request[3] = {command, argument, 0};
    return call5(MMUEXT_OP, (uint64_t)request, 1, 0, DOMID_SELF, 0);
}

static void grow_trees(void) {
    volatile uint64_t *table = tables[below(TABLES)];
    uint64_t mfn = frame_of(table);
    switch (below(6)) {
        case 0: {
            // A table of its own, as good as chance makes it.
            uint64_t density = 1 + below(64);
            call5(UPDATE_VA_MAPPING, (uint64_t)table, mfn << 12 | WRITABLE, 2, 0, 0);
            for (int i = 0; i < ENTRIES; i++) {
                table[i] = once_in(density) ? entry() : 0;
            }
            call5(UPDATE_VA_MAPPING, (uint64_t)table, mfn << 12 | READ_ONLY, 2, 0, 0);
            operation(below(4), mfn);
            break;
        }
        case 1: operation(UNPIN, mfn); break;
        case 2:
            // Written as memory, which Xen may do for us.
            *(volatile uint64_t *)(once_in(2) ? (uint64_t)(table + below(ENTRIES))
                                              : table_page() + (below(ENTRIES) << 3)) = entry();
            break;
        case 3: {
            // Into the tables we are on, where nothing is.
            uint64_t update[2] = {kernel_root << 12 | below(256) << 3, mfn << 12 | WRITABLE};
            call5(MMU_UPDATE, (uint64_t)update, 1, 0, DOMID_SELF, 0);
            break;
        }
        case 4: {
            // Another root, which lacks something or not.
            const uint64_t *now = (const uint64_t *)info->pt_base;
            call5(UPDATE_VA_MAPPING, (uint64_t)table, mfn << 12 | WRITABLE, 2, 0, 0);
            for (int i = 0; i < ENTRIES; i++) {
                table[i] = now[i];
            }
            if (once_in(4)) {
                table[below(ENTRIES)] = entry();
            }
            call5(UPDATE_VA_MAPPING, (uint64_t)table, mfn << 12 | READ_ONLY, 2, 0, 0);
            operation(once_in(2) ? NEW_BASEPTR : NEW_USER_BASEPTR, mfn);
            break;
        }
        default: *(volatile uint64_t *)address(); operation(NEW_BASEPTR, kernel_root);
    }
}

// ---- Code that changes itself ------------------------------------------------------------------

static void put(uint64_t at, const uint8_t *bytes, uint64_t count) {
    for (uint64_t i = 0; i < count; i++) {
        code[at + i] = bytes[i];
    }
}

static void change_code(void) {
    // mov $0, %eax; incl imm of it; xorb $8, the next; inc or dec %edx; dec %ecx; jnz; ret
    static const uint8_t loop[] = {0xb8, 0,    0,    0, 0, 0xff, 0x05, 0xf6, 0xff, 0xff, 0xff, 0x80,
                                   0x35, 0x01, 0,    0, 0, 0x08, 0xff, 0xc2, 0xff, 0xc9, 0x75, 0xe8,
                                   0xc3};
    uint64_t at = below(2) ? below(sizeof code - 64)
                           : ((1 + below(CODE_PAGES - 1)) << 12) - below(sizeof loop);
    put(at, loop, sizeof loop);
    if (once_in(4)) {
        // Where a byte of it is written by chance.
        code[at + below(sizeof loop - 1)] ^= (uint8_t)(1 << below(8));
    }
    for (uint64_t i = 1 + below(8); i > 0; i--) {
        call_code(code + at);
        if (once_in(2)) {
            code[at + 1 + below(4)] = (uint8_t)any();
        }
    }
}

// ---- More code than anything can keep ----------------------------------------------------------

static void flood(void) {
    static uint64_t written, next;
    if (!written || once_in(512)) {
        for (uint64_t spot = 0; spot < SPOTS; spot++) {
            // mov $chance, %eax; 1: add $chance, %eax; dec %ecx; jnz 1b; ret
            uint8_t function[] = {0xb8, 0, 0, 0, 0, 0x05, 0, 0, 0, 0, 0xff, 0xc9, 0x75, 0xf7, 0xc3};
            uint64_t chance = any();
            for (int byte = 0; byte < 4; byte++) {
                function[1 + byte] = (uint8_t)(chance >> (8 * byte));
                function[6 + byte] = (uint8_t)(chance >> (8 * byte + 32));
            }
            put(spot * SPOT, function, sizeof function);
            if (spot % 128 == 0) {
                show_life();
            }
        }
        written = 1;
    }
    for (int i = 0; i < 256; i++) {
        call_code(code + next * SPOT);
        call_code(code + next * SPOT);
        next = (next + 1) % SPOTS;
    }
}

// ---- What it does ------------------------------------------------------------------------------

void mischief(void) {
    for (;;) {
        uint64_t kind = 1UL << below(5);
        if (!(kinds & kind)) {
            continue;
        }
        show_life();
        switch (kind) {
            case CODE: run_code(); break;
            case CALLS: call_something(); break;
            case TREES: grow_trees(); break;
            case MODIFY: change_code(); break;
            default: flood();
        }
    }
}

static int begins(const char *text, const char *with) {
    while (*with) {
        if (*text++ != *with++) {
            return 0;
        }
    }
    return 1;
}

static void read_command_line(void) {
    static const struct {
        char name[8];
        uint64_t kind;
    } named[] = {{"code", CODE}, {"calls", CALLS}, {"tables", TREES}, {"modify", MODIFY},
                 {"flood", FLOOD}};
    int in_kinds = 0;
    for (const char *at = info->cmd_line; *at; at++) {
        if (begins(at, "seed=")) {
            at += 5;
            while (*at >= '0' && *at <= '9') {
                state = state * 10 + (uint64_t)(*at++ - '0');
            }
            at--;
        } else if (begins(at, "kinds=")) {
            in_kinds = 1;
        } else if (*at == ' ') {
            in_kinds = 0;
        }
        for (uint64_t i = 0; in_kinds && i < sizeof named / sizeof *named; i++) {
            if (begins(at, named[i].name)) {
                kinds |= named[i].kind;
            }
        }
    }
    if (!kinds) {
        kinds = ALL;
    }
}

void kernel_main(const struct start_info *information) {
    static struct trap_info traps[33];
    info = information;
    frames = (const uint64_t *)info->mfn_list;
    pages = info->nr_pages;
    kernel_root = frame_of((const void *)info->pt_base);
    read_command_line();
    for (int vector = 0; vector < 32; vector++) {
        traps[vector].vector = (uint8_t)vector;
        traps[vector].flags = vector == 3 || vector == 4 ? 3 : 0;
        traps[vector].cs = KERNEL_CODE;
        traps[vector].address = (uint64_t)again;
    }
    call5(SET_TRAP_TABLE, (uint64_t)traps, 0, 0, 0, 0);
    call5(SET_CALLBACKS, (uint64_t)again, (uint64_t)again, (uint64_t)again, 0, 0);
    call5(STACK_SWITCH, KERNEL_DATA, (uint64_t)stack_end, 0, 0, 0);
    operation(NEW_USER_BASEPTR, kernel_root);
    mischief();
}
