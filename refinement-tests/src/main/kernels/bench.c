// SPDX-License-Identifier: Apache-2.0
// A paravirtual kernel that measures: what instructions cost, and what entering Xen does. It says
// on its console when a batch begins and ends; whoever reads there takes the time.
//
// Its command line is of words: kernels=A+B (all without), batches=N, window=MICROSECONDS that a
// batch is to take, units=N to do just so many in each instead.

#include "start-info.h"

enum {
    SET_TRAP_TABLE = 0,
    MMU_UPDATE = 1,
    STACK_SWITCH = 3,
    SET_CALLBACKS = 4,
    UPDATE_VA_MAPPING = 14,
    XEN_VERSION = 17,
    CONSOLE_IO = 18,
    MMUEXT_OP = 26,
    SCHED_OP = 29,
    NO_CALL = 63,
    SHUTDOWN = 2,
    PIN_L1 = 0,
    PIN_L4 = 3,
    UNPIN = 4,
    NEW_BASEPTR = 5,
    TLB_FLUSH_LOCAL = 6,
    INVLPG_LOCAL = 7,
    NEW_USER_BASEPTR = 15,
    UVMF_INVLPG = 2,
    DOMID_SELF = 0x7ff0,
    KERNEL_CODE = 0xe033,
    KERNEL_DATA = 0xe02b
};


// Pages of our own are mapped here, in the slot of the root that the kernel is in.
#define REGION 0xffffffff00000000
#define WRITABLE 0x67
#define READ_ONLY 0x65

struct trap_info {
    uint8_t vector, flags;
    uint16_t cs;
    uint64_t address;
};

struct time_info {
    uint32_t version, padding;
    uint64_t stamp, nanos;
    uint32_t multiplier;
    int8_t shift;
};

// ---- What bench-entry.S has ---------------------------------------------------------------------

extern char trap_entries[], syscall_entry[], user_code[];
extern volatile uint64_t trap_vector, trap_error, trap_rip, faults, user_calls;
uint64_t call4(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
uint64_t integer_unit(void), calls_unit(void), sse_double_unit(void), sse_integer_unit(void);
void load_store(const void *from, void *to);
void copy_words(const void *from, void *to, uint64_t words);
void repeat_bytes(const void *from, void *to, uint64_t bytes);
void repeat_words(const void *from, void *to, uint64_t words);
uint64_t chase(uint64_t node, uint64_t loads);
void fault_many(uint64_t address), invalid_many(void), user_many(uint64_t entry, uint64_t stack);
uint64_t has_sse(void);
void kernel_main(const struct start_info *information);
void unexpected(void);

// ---- Memory ------------------------------------------------------------------------------------

#define PAGE __attribute__((aligned(4096)))

enum { COPIED = 65536, SORTED = 1024, SIEVED = 65536, SUMMED = 4096 };

enum { MANY = 16384, FEW = 128, SWAPPED = 256, ENTRIES = 512 };

// The level 1 tables of the region, by what they map, and its pages.
enum { MANY_TABLES = MANY / ENTRIES, FEW_TABLE = MANY_TABLES, SWAP_TABLE, TABLES };

static uint8_t from[COPIED] PAGE, to[COPIED] PAGE;
static uint64_t region_l2[ENTRIES] PAGE, region_l1[TABLES][ENTRIES] PAGE;
static uint64_t pinned[ENTRIES] PAGE, root2[ENTRIES] PAGE, user_root[ENTRIES] PAGE;
static volatile uint64_t window[ENTRIES] PAGE, other[ENTRIES] PAGE;
static uint64_t shared_page[ENTRIES] PAGE, entry_stack[1024] PAGE, user_stack[ENTRIES] PAGE;

static const struct start_info *info;
static const uint64_t *frames;

// ---- Saying ------------------------------------------------------------------------------------

static char line[256];
static uint64_t said;

static void add(const char *text) {
    while (*text && said < sizeof line) {
        line[said++] = *text++;
    }
}

static void add_number(uint64_t number) {
    char text[21];
    int at = 20;
    text[at] = 0;
    do {
        text[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    add(" ");
    add(text + at);
}

static void flush_line(void) {
    add("\n");
    call4(CONSOLE_IO, 0, said, (uint64_t)line, 0);
    said = 0;
}

static void say(const char *text) {
    add(text);
    flush_line();
}

static void __attribute__((noreturn)) end(uint32_t why) {
    static uint32_t reason;
    reason = why;
    call4(SCHED_OP, SHUTDOWN, (uint64_t)&reason, 0, 0);
    for (;;) {
    }
}

static void must(uint64_t result, const char *what) {
    if (result != 0) {
        add("bench: failed ");
        add(what);
        add_number(-result);
        flush_line();
        end(3);
    }
}

void unexpected(void) {
    add("bench: failed trap");
    add_number(trap_vector);
    add_number(trap_error);
    add_number(trap_rip);
    flush_line();
    end(3);
}

// ---- Tables ------------------------------------------------------------------------------------

static uint64_t frame_of(const volatile void *address) {
    return frames[((uint64_t)address - BASE) >> 12];
}

// A page that nothing has used.
static uint64_t spare(uint64_t index) {
    return frames[info->nr_pages - 1 - index];
}

static void read_only(const volatile void *page) {
    must(call4(UPDATE_VA_MAPPING, (uint64_t)page, frame_of(page) << 12 | READ_ONLY, UVMF_INVLPG, 0),
         "update_va_mapping");
}

static uint64_t operation(uint64_t command, uint64_t argument) {
    uint64_t words[3] = {command, argument, 0};
    return call4(MMUEXT_OP, (uint64_t)words, 1, 0, DOMID_SELF);
}

static uint64_t put(uint64_t machine, uint64_t entry) {
    uint64_t update[2] = {machine, entry};
    return call4(MMU_UPDATE, (uint64_t)update, 1, 0, DOMID_SELF);
}

// The machine address of an entry, in the tables that the domain was given.
static uint64_t entry_address(uint64_t address, int wanted) {
    uint64_t table = info->pt_base;
    uint64_t frame = frames[(table - BASE) >> 12];
    for (int level = 4; level > wanted; level--) {
        frame = ((const uint64_t *)table)[address >> (3 + 9 * level) & 511] >> 12 & 0xffffffffff;
        table = BASE + (MACHINE_TO_PHYSICAL[frame] << 12);
    }
    return frame << 12 | (address >> (3 + 9 * wanted) & 511) << 3;
}

static uint64_t region_page(uint64_t table, uint64_t entry) {
    return REGION + ((table * ENTRIES + entry) << 12);
}

static void open_region(void) {
    static int open;
    if (open) {
        return;
    }
    open = 1;
    for (uint64_t i = 0; i < SWAPPED; i++) {
        region_l1[SWAP_TABLE][i] = spare(i) << 12 | WRITABLE;
    }
    for (uint64_t i = 0; i < FEW; i++) {
        region_l1[FEW_TABLE][i] = spare(2 * SWAPPED + i) << 12 | WRITABLE;
    }
    for (uint64_t i = FEW_TABLE; i < TABLES; i++) {
        read_only(region_l1[i]);
        region_l2[i] = frame_of(region_l1[i]) << 12 | WRITABLE;
    }
    read_only(region_l2);
    must(put(entry_address(REGION, 3), frame_of(region_l2) << 12 | WRITABLE), "mapping");
}

// ---- Kernels: instructions ---------------------------------------------------------------------

static uint64_t random;

static uint64_t next_random(void) {
    random = random * 6364136223846793005 + 1442695040888963407;
    return random >> 33;
}

static uint64_t fold(const uint64_t *words, uint64_t count) {
    uint64_t all = 0;
    for (uint64_t i = 0; i < count; i++) {
        all = (all << 5 | all >> 59) ^ words[i];
    }
    return all;
}

static const char *prepare_copy(void) {
    random = 1;
    for (uint64_t i = 0; i < COPIED; i++) {
        from[i] = (uint8_t)next_random();
        to[i] = 0;
    }
    return 0;
}

static uint64_t ends(void) {
    const volatile uint64_t *words = (const volatile uint64_t *)to;
    return words[0] ^ words[COPIED / 8 - 1];
}

static uint64_t copied(void) {
    return fold((const uint64_t *)to, COPIED / 8);
}

static uint64_t load_store_unit(void) {
    load_store(from, to);
    const volatile uint64_t *words = (const volatile uint64_t *)to;
    return words[0] ^ words[511];
}

static uint64_t load_stored(void) {
    return fold((const uint64_t *)to, 512);
}

static uint64_t copy_unit(void) {
    copy_words(from, to, COPIED / 8);
    return ends();
}

static uint64_t movsb_unit(void) {
    repeat_bytes(from, to, COPIED);
    return ends();
}

static uint64_t movsq_unit(void) {
    repeat_words(from, to, COPIED / 8);
    return ends();
}

// One cycle through all nodes, in an order that nothing can guess (Sattolo's algorithm).
static uint16_t order[MANY];

static void link_nodes(uint64_t count, uint64_t start, uint64_t stride, uint64_t shift) {
    random = count;
    for (uint64_t i = 0; i < count; i++) {
        order[i] = (uint16_t)i;
    }
    for (uint64_t i = count - 1; i > 0; i--) {
        uint64_t j = next_random() % i;
        uint16_t swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
    }
    for (uint64_t i = 0; i < count; i++) {
        uint64_t next = order[i];
        *(volatile uint64_t *)(start + i * stride + (i * shift & 4095)) =
                start + next * stride + (next * shift & 4095);
    }
}

enum { NODES = 64, NODE = 64, LOADS = 1023 };

static const char *prepare_chase_page(void) {
    link_nodes(NODES, (uint64_t)to, NODE, 0);
    return 0;
}

static uint64_t chase_page_unit(void) {
    return chase((uint64_t)to, LOADS) - (uint64_t)to;
}

static const char *prepare_chase_few(void) {
    open_region();
    link_nodes(FEW, region_page(FEW_TABLE, 0), 4096, NODE);
    return 0;
}

static uint64_t chase_few_unit(void) {
    uint64_t start = region_page(FEW_TABLE, 0);
    return chase(start, LOADS) - start;
}

static const char *prepare_chase_many(void) {
    static int mapped;
    const uint64_t first = 2 * SWAPPED + FEW + ENTRIES;
    if (info->nr_pages < first + MANY + 4096) {
        return "it needs 83 MiB of memory";
    }
    open_region();
    if (!mapped) {
        mapped = 1;
        for (uint64_t i = 0; i < MANY; i++) {
            region_l1[i / ENTRIES][i % ENTRIES] = spare(first + i) << 12 | WRITABLE;
        }
        for (uint64_t i = 0; i < MANY_TABLES; i++) {
            read_only(region_l1[i]);
            must(put(frame_of(region_l2) << 12 | i << 3, frame_of(region_l1[i]) << 12 | WRITABLE),
                 "mapping");
        }
        link_nodes(MANY, REGION, 4096, NODE);
    }
    return 0;
}

static uint64_t chase_many_unit(void) {
    return chase(REGION, MANY - 1) - REGION;
}

static uint64_t sorted[SORTED];

static void sort(uint64_t *low, uint64_t *high) {
    while (low < high) {
        uint64_t pivot = low[(high - low) / 2];
        uint64_t *i = low, *j = high;
        while (i <= j) {
            while (*i < pivot) {
                i++;
            }
            while (*j > pivot) {
                j--;
            }
            if (i <= j) {
                uint64_t swapped = *i;
                *i++ = *j;
                *j-- = swapped;
            }
        }
        sort(low, j);
        low = i;
    }
}

static uint64_t sort_unit(void) {
    random = SORTED;
    for (int i = 0; i < SORTED; i++) {
        sorted[i] = next_random();
    }
    sort(sorted, sorted + SORTED - 1);
    return fold(sorted, SORTED);
}

static uint64_t sieve_unit(void) {
    uint64_t primes = 0;
    for (int i = 0; i < SIEVED; i++) {
        to[i] = 1;
    }
    for (int i = 2; i < SIEVED; i++) {
        if (to[i]) {
            primes++;
            for (int j = 2 * i; j < SIEVED; j += i) {
                to[j] = 0;
            }
        }
    }
    return primes;
}

static uint32_t crc_table[256];

static const char *prepare_crc(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t sum = i;
        for (int bit = 0; bit < 8; bit++) {
            sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
        }
        crc_table[i] = sum;
    }
    return prepare_copy();
}

static uint64_t crc_unit(void) {
    uint32_t sum = ~0U;
    for (int i = 0; i < SUMMED; i++) {
        sum = sum >> 8 ^ crc_table[(sum ^ from[i]) & 255];
    }
    return ~sum;
}

// A machine with an accumulator and a counter. Each opcode jumps to the next one's code.
static uint64_t interpreter_unit(void) {
    enum { COUNT, ADD, MULTIPLY, ROTATE, MIX, LOOP, HALT };
    static const uint8_t program[] = {COUNT, ADD, MULTIPLY, ROTATE, MIX, LOOP, 1, HALT};
    static const void *const codes[] = {
            &&count, &&add, &&multiply, &&rotate, &&mix, &&loop, &&halt};
    const uint8_t *at = program;
    uint64_t accumulator = 0, counter = 0;
    goto *codes[*at++];
count:
    counter = 1000;
    goto *codes[*at++];
add:
    accumulator += counter;
    goto *codes[*at++];
multiply:
    accumulator *= 0x9e3779b97f4a7c15;
    goto *codes[*at++];
rotate:
    accumulator = accumulator << 29 | accumulator >> 35;
    goto *codes[*at++];
mix:
    accumulator ^= counter;
    goto *codes[*at++];
loop:
    at = --counter ? program + *at : at + 1;
    goto *codes[*at++];
halt:
    return accumulator;
}

// Whether the processor has SSE, by trying it.
static const char *prepare_sse(void) {
    return has_sse() ? 0 : "its instructions are invalid";
}

// ---- Kernels: Xen ------------------------------------------------------------------------------

enum { CALLS = 64 };

static uint64_t version_unit(void) {
    uint64_t all = 0;
    for (int i = 0; i < CALLS; i++) {
        all += call4(XEN_VERSION, 0, 0, 0, 0) >> 16;
    }
    return all;
}

static uint64_t no_call_unit(void) {
    uint64_t all = 0;
    for (int i = 0; i < CALLS; i++) {
        all += call4(NO_CALL, 0, 0, 0, 0);
    }
    return -all;
}

static const char *prepare_window(void) {
    window[0] = 0x1111;
    other[0] = 0x2222;
    return 0;
}

// What the window shows once it shows the other page, and once it is as before.
static uint64_t both_pages(void) {
    uint64_t at = entry_address((uint64_t)window, 1);
    must(put(at, frame_of(other) << 12 | WRITABLE), "mmu_update");
    must(operation(INVLPG_LOCAL, (uint64_t)window), "invlpg");
    uint64_t there = window[0];
    must(put(at, frame_of(window) << 12 | WRITABLE), "mmu_update");
    must(operation(INVLPG_LOCAL, (uint64_t)window), "invlpg");
    return there << 16 | window[0];
}

static uint64_t update_unit(void) {
    uint64_t at = entry_address((uint64_t)window, 1);
    uint64_t updates[2][2] = {
            {at, frame_of(other) << 12 | WRITABLE}, {at, frame_of(window) << 12 | WRITABLE}};
    uint64_t all = 0;
    for (int i = 0; i < CALLS; i++) {
        all |= call4(MMU_UPDATE, (uint64_t)updates[i & 1], 1, 0, DOMID_SELF);
    }
    return all;
}

static uint64_t map_unit(void) {
    uint64_t entries[2] = {frame_of(other) << 12 | WRITABLE, frame_of(window) << 12 | WRITABLE};
    uint64_t all = 0;
    for (int i = 0; i < CALLS; i++) {
        all |= call4(UPDATE_VA_MAPPING, (uint64_t)window, entries[i & 1], UVMF_INVLPG, 0);
    }
    return all;
}

// Writes to the table itself, which Xen carries out.
static uint64_t table_write_unit(void) {
    uint64_t at = entry_address((uint64_t)window, 1);
    volatile uint64_t *entry =
            (volatile uint64_t *)(BASE + (MACHINE_TO_PHYSICAL[at >> 12] << 12) + (at & 4095));
    uint64_t entries[2] = {frame_of(other) << 12 | WRITABLE, frame_of(window) << 12 | WRITABLE};
    for (int i = 0; i < CALLS; i++) {
        *entry = entries[i & 1];
    }
    return 0;
}

static uint64_t swaps[2][SWAPPED][2];

static const char *prepare_swap(void) {
    open_region();
    for (uint64_t i = 0; i < SWAPPED; i++) {
        uint64_t at = frame_of(region_l1[SWAP_TABLE]) << 12 | i << 3;
        swaps[0][i][0] = swaps[1][i][0] = at;
        swaps[0][i][1] = spare(SWAPPED + i) << 12 | WRITABLE;
        swaps[1][i][1] = spare(i) << 12 | WRITABLE;
    }
    return 0;
}

static uint64_t swap_unit(void) {
    uint64_t all = 0;
    for (int i = 0; i < 2; i++) {
        all |= call4(MMU_UPDATE, (uint64_t)swaps[i], SWAPPED, 0, DOMID_SELF);
    }
    return all;
}

// Numbers written while the pages are there, found again after they were away.
static uint64_t swapped(void) {
    uint64_t all = 0;
    for (uint64_t turn = 0; turn < 4; turn++) {
        must(operation(TLB_FLUSH_LOCAL, 0), "flush");
        for (uint64_t i = 0; i < SWAPPED; i++) {
            volatile uint64_t *page = (volatile uint64_t *)region_page(SWAP_TABLE, i);
            if (turn < 2) {
                *page = i << turn;
            }
            all += *page;
        }
        must(call4(MMU_UPDATE, (uint64_t)swaps[turn & 1], SWAPPED, 0, DOMID_SELF), "mmu_update");
    }
    return all;
}

static const char *prepare_pin(void) {
    static int filled;
    if (!filled) {
        filled = 1;
        for (uint64_t i = 0; i < ENTRIES; i++) {
            pinned[i] = spare(2 * SWAPPED + FEW + i) << 12 | WRITABLE;
        }
        read_only(pinned);
    }
    return 0;
}

static uint64_t pin_unit(void) {
    uint64_t frame = frame_of(pinned);
    uint64_t pin[3] = {PIN_L1, frame, 0}, unpin[3] = {UNPIN, frame, 0};
    return call4(MMUEXT_OP, (uint64_t)pin, 1, 0, DOMID_SELF)
            | call4(MMUEXT_OP, (uint64_t)unpin, 1, 0, DOMID_SELF);
}

// What a pinned table refers to cannot become a table: Xen has looked at its entries.
static uint64_t pinning_counts(void) {
    must(operation(PIN_L1, frame_of(pinned)), "pin");
    uint64_t refused = operation(PIN_L1, pinned[0] >> 12);
    must(operation(UNPIN, frame_of(pinned)), "unpin");
    uint64_t granted = operation(PIN_L1, pinned[0] >> 12);
    must(operation(UNPIN, pinned[0] >> 12), "unpin");
    return -refused << 16 | granted;
}

static uint64_t page_fault_unit(void) {
    uint64_t before = faults;
    fault_many(0x1000);
    return faults - before;
}

static uint64_t invalid_unit(void) {
    uint64_t before = faults;
    invalid_many();
    return faults - before;
}

// In a root that is made, what our slot has is in this one too.
enum { ALIAS_SLOT = 272 };

#define ALIAS 0xffff880000000000

// A root with what ours has in the slots that are the guest's.
static void make_root(uint64_t *root) {
    for (int slot = 0; slot < ENTRIES; slot++) {
        root[slot] = slot >= 256 && slot < 272 ? 0 : ((const uint64_t *)info->pt_base)[slot];
    }
    root[ALIAS_SLOT] = root[511];
    read_only(root);
    must(operation(PIN_L4, frame_of(root)), "pinning a root");
}

static const char *prepare_switch(void) {
    static int made;
    if (!made) {
        made = 1;
        make_root(root2);
    }
    return prepare_window();
}

static uint64_t switch_unit(void) {
    uint64_t roots[2][3] = {
            {NEW_BASEPTR, frame_of(root2), 0},
            {NEW_BASEPTR, frames[(info->pt_base - BASE) >> 12], 0}};
    uint64_t all = 0;
    for (int i = 0; i < CALLS; i++) {
        all |= call4(MMUEXT_OP, (uint64_t)roots[i & 1], 1, 0, DOMID_SELF);
    }
    return all;
}

// The window, read where it is on the other root only.
static uint64_t other_root(void) {
    must(operation(NEW_BASEPTR, frame_of(root2)), "new_baseptr");
    uint64_t there = *(volatile uint64_t *)(ALIAS | ((uint64_t)window & 0x7fffffffff));
    must(operation(NEW_BASEPTR, frames[(info->pt_base - BASE) >> 12]), "new_baseptr");
    return there;
}

static const char *prepare_user(void) {
    static int made;
    if (!made) {
        made = 1;
        make_root(user_root);
        must(operation(NEW_USER_BASEPTR, frame_of(user_root)), "user mode's root");
        must(call4(STACK_SWITCH, KERNEL_DATA, (uint64_t)(entry_stack + 1024), 0, 0),
             "stack_switch");
        must(call4(SET_CALLBACKS, 0, 0, (uint64_t)syscall_entry, 0), "set_callbacks");
    }
    return 0;
}

static uint64_t user_unit(void) {
    uint64_t before = user_calls;
    user_many((uint64_t)user_code, (uint64_t)(user_stack + ENTRIES));
    return user_calls - before;
}

// ---- Measuring ---------------------------------------------------------------------------------

// What can be measured: `prepare`, done before each batch, says why it cannot be run, if it cannot;
// each unit is `operations` of what is counted, and gives the same number each time; `result`, if
// there is one, is what has come of the batch.
struct kernel {
    const char *name;
    uint64_t operations;
    const char *(*prepare)(void);
    uint64_t (*unit)(void);
    uint64_t (*result)(void);
};

static const struct kernel kernels[] = {
        {"integer", 1000, 0, integer_unit, 0},
        {"load-store", 256, prepare_copy, load_store_unit, load_stored},
        {"copy-8", COPIED / 1024, prepare_copy, copy_unit, copied},
        {"rep-movsb", COPIED / 1024, prepare_copy, movsb_unit, copied},
        {"rep-movsq", COPIED / 1024, prepare_copy, movsq_unit, copied},
        {"chase-page", LOADS, prepare_chase_page, chase_page_unit, 0},
        {"chase-128", LOADS, prepare_chase_few, chase_few_unit, 0},
        {"chase-16k", MANY - 1, prepare_chase_many, chase_many_unit, 0},
        {"sort", SORTED, 0, sort_unit, 0},
        {"sieve", SIEVED, 0, sieve_unit, 0},
        {"crc-32", SUMMED, prepare_crc, crc_unit, 0},
        {"calls", 21891, 0, calls_unit, 0},
        {"interpreter", 5002, 0, interpreter_unit, 0},
        {"sse-double", 1000, prepare_sse, sse_double_unit, 0},
        {"sse-integer", 1000, prepare_sse, sse_integer_unit, 0},
        {"xen-version", CALLS, 0, version_unit, 0},
        {"no-call", CALLS, 0, no_call_unit, 0},
        {"mmu-update-1", CALLS, prepare_window, update_unit, both_pages},
        {"mmu-update-256", 2 * SWAPPED, prepare_swap, swap_unit, swapped},
        {"update-va-mapping", CALLS, prepare_window, map_unit, both_pages},
        {"table-write", CALLS, prepare_window, table_write_unit, both_pages},
        {"pin-unpin", 1, prepare_pin, pin_unit, pinning_counts},
        {"page-fault", CALLS, 0, page_fault_unit, 0},
        {"invalid-opcode", CALLS, 0, invalid_unit, 0},
        {"new-baseptr", CALLS, prepare_switch, switch_unit, other_root},
        {"user-syscall", CALLS + 1, prepare_user, user_unit, 0},
};

static uint64_t system_time(void) {
    const volatile struct time_info *time =
            (const volatile struct time_info *)((uint64_t)shared_page + 0x20);
    for (;;) {
        uint32_t version = time->version;
        uint32_t low, high;
        __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
        uint64_t passed = ((uint64_t)high << 32 | low) - time->stamp;
        passed = time->shift < 0 ? passed >> -time->shift : passed << time->shift;
        uint64_t now =
                time->nanos + (uint64_t)((unsigned __int128)passed * time->multiplier >> 32);
        __asm__ volatile("" ::: "memory");
        if (version == time->version && (version & 1) == 0) {
            return now;
        }
    }
}

static uint64_t first_value, differing, last_value;

static uint64_t batch(const struct kernel *kernel, uint64_t units, int reported) {
    // Of what came before nothing is to be left in TLBs.
    must(operation(TLB_FLUSH_LOCAL, 0), "flush");
    if (reported) {
        say("bench: begin");
    }
    uint64_t began = system_time();
    for (uint64_t i = 0; i < units; i++) {
        last_value = kernel->unit();
        differing += last_value != first_value;
    }
    uint64_t took = system_time() - began;
    if (reported) {
        say("bench: end");
    }
    return took;
}

static void report(const char *name, uint64_t units, uint64_t operations, uint64_t nanos) {
    add("bench: batch ");
    add(name);
    add_number(units);
    add_number(operations);
    add_number(nanos);
    add_number(last_value);
    add_number(differing);
    flush_line();
}

static uint64_t batches = 1, nanos_wanted = 10000000, units_wanted;

// How many units take as long as a batch is to, once they do not become faster from one batch to
// the next: whoever runs us may still be translating.
static uint64_t calibrated(const struct kernel *kernel) {
    uint64_t units = 1, before = 0;
    for (int settling = 0; settling < 8;) {
        uint64_t took = batch(kernel, units, 0);
        if (took < nanos_wanted) {
            units *= took < nanos_wanted / 16 ? 8 : 2;
            before = 0;
        } else if (before != 0 && took > before / 10 * 9) {
            break;
        } else {
            before = took;
            settling++;
        }
    }
    return units;
}

// What the two lines cost that say when a batch begins and ends.
static void measure_nothing(void) {
    static const struct kernel nothing;
    last_value = differing = 0;
    for (uint64_t i = 0; i < batches; i++) {
        report("nothing", 0, 0, batch(&nothing, 0, 1));
    }
}

static void measure(const struct kernel *kernel) {
    add("bench: kernel ");
    say(kernel->name);
    differing = 0;
    const char *reason = kernel->prepare ? kernel->prepare() : 0;
    if (reason) {
        add("bench: cannot ");
        say(reason);
        return;
    }
    first_value = kernel->unit();
    uint64_t units = units_wanted ? units_wanted : calibrated(kernel);
    for (uint64_t i = 0; i < batches; i++) {
        if (kernel->prepare) {
            kernel->prepare();
        }
        uint64_t took = batch(kernel, units, 1);
        if (kernel->result) {
            last_value = kernel->result();
        }
        report(kernel->name, units, kernel->operations, took);
    }
    measure_nothing();
}

// ---- The command line --------------------------------------------------------------------------

// What follows `key` in a word of the command line, or nothing.
static const char *word(const char *key) {
    const char *at = info->cmd_line;
    while (*at) {
        const char *k = key;
        const char *p = at;
        while (*k && *k == *p) {
            k++;
            p++;
        }
        if (!*k) {
            return p;
        }
        while (*at && *at != ' ') {
            at++;
        }
        while (*at == ' ') {
            at++;
        }
    }
    return 0;
}

static uint64_t number(const char *key, uint64_t otherwise) {
    const char *at = word(key);
    uint64_t value = 0;
    if (!at || *at < '0' || *at > '9') {
        return otherwise;
    }
    while (*at >= '0' && *at <= '9') {
        value = value * 10 + (uint64_t)(*at++ - '0');
    }
    return value;
}

static int chosen(const char *name) {
    const char *at = word("kernels=");
    if (!at) {
        return 1;
    }
    while (*at && *at != ' ') {
        const char *n = name;
        while (*n && *n == *at) {
            n++;
            at++;
        }
        if (!*n && (!*at || *at == '+' || *at == ' ')) {
            return 1;
        }
        while (*at && *at != ' ' && *at != '+') {
            at++;
        }
        if (*at == '+') {
            at++;
        }
    }
    return 0;
}

void kernel_main(const struct start_info *information) {
    static struct trap_info traps[33];
    info = information;
    frames = (const uint64_t *)info->mfn_list;
    for (uint64_t vector = 0; vector < 32; vector++) {
        traps[vector].vector = (uint8_t)vector;
        traps[vector].flags = 4;
        traps[vector].cs = KERNEL_CODE;
        traps[vector].address = (uint64_t)trap_entries + 32 * vector;
    }
    must(call4(SET_TRAP_TABLE, (uint64_t)traps, 0, 0, 0), "set_trap_table");
    must(call4(UPDATE_VA_MAPPING, (uint64_t)shared_page, info->shared_info | READ_ONLY,
               UVMF_INVLPG, 0),
         "mapping the shared page");
    batches = number("batches=", batches);
    nanos_wanted = 1000 * number("window=", nanos_wanted / 1000);
    units_wanted = number("units=", 0);
    for (uint64_t i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
        if (chosen(kernels[i].name)) {
            measure(&kernels[i]);
        }
    }
    say("bench: done");
    end(0);
}
