// SPDX-License-Identifier: Apache-2.0
// A paravirtual kernel that does what it is told through memory, and survives it.

#include "layout.h"
#include "mailbox.h"

// ---- Xen's interface: public/xen.h, arch-x86/xen-x86_64.h, sched.h ----------------------------

enum {
    SET_TRAP_TABLE = 0,
    SET_CALLBACKS = 4,
    UPDATE_VA_MAPPING = 14,
    CONSOLE_IO = 18,
    SCHED_OP = 29,
    SCHEDOP_SHUTDOWN = 2,
    SCHEDOP_POLL = 3,
    KERNEL_CODE = 0xe033,
    UVMF_INVLPG = 2,
    MMUEXT_OP = 26,
    MMUEXT_INVLPG_LOCAL = 7,
    DOMID_SELF = 0x7ff0
};

struct start_info {
    char magic[32];
    uint64_t nr_pages;
    uint64_t shared_info;
    uint32_t flags;
    uint32_t padding0;
    uint64_t store_mfn;
    uint32_t store_evtchn;
    uint32_t padding1;
    uint64_t console[2];
    uint64_t pt_base;
    uint64_t nr_pt_frames;
    uint64_t mfn_list;
    uint64_t mod_start;
    uint64_t mod_len;
    char cmd_line[1024];
};

struct mmuext_op {
    uint64_t command;
    uint64_t address;
    uint64_t unused;
};

struct trap_info {
    uint8_t vector;
    uint8_t flags;
    uint16_t cs;
    uint64_t address;
};

struct time_info {
    uint32_t version;
    uint32_t padding;
    uint64_t tsc_timestamp;
    uint64_t system_time;
    uint32_t mul;
    int8_t shift;
    uint8_t flags;
    uint8_t padding1[2];
};

struct poll {
    uint64_t ports;
    uint32_t nr_ports;
    uint32_t padding;
    uint64_t timeout;
};

// ---- What entry.S has -----------------------------------------------------------------------

extern char probe_end[], trap_entries[], failsafe_entry[], event_entry[];
extern volatile uint64_t trap_vector, trap_error, trap_rip, trap_cr2, guarded_rip, exchanged,
        read_value;
void write_8(uint64_t, uint64_t), write_16(uint64_t, uint64_t), write_32(uint64_t, uint64_t),
        write_64(uint64_t, uint64_t), read_64(uint64_t), load_segment(uint64_t);
uint64_t exchange_8(uint64_t, uint64_t, uint64_t), exchange_16(uint64_t, uint64_t, uint64_t),
        exchange_32(uint64_t, uint64_t, uint64_t), exchange_64(uint64_t, uint64_t, uint64_t);
void probe_main(struct start_info *info);
void probe_unexpected_trap(void);

static struct mailbox mailbox __attribute__((section(".mailbox,\"aw\",@nobits#")));
static volatile struct mailbox *const box = &mailbox;

static uint64_t call5(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e) {
    register uint64_t rax __asm__("rax") = number;
    register uint64_t rdi __asm__("rdi") = a;
    register uint64_t rsi __asm__("rsi") = b;
    register uint64_t rdx __asm__("rdx") = c;
    register uint64_t r10 __asm__("r10") = d;
    register uint64_t r8 __asm__("r8") = e;
    __asm__ volatile("syscall"
                     : "+r"(rax), "+r"(rdi), "+r"(rsi), "+r"(rdx), "+r"(r10), "+r"(r8)
                     :
                     : "rcx", "r11", "memory");
    return rax;
}

static uint64_t address_of(const volatile void *p) {
    return (uint64_t)p;
}

// ---- Telling the console --------------------------------------------------------------------

static void say(const char *text) {
    uint64_t length = 0;
    while (text[length]) {
        length++;
    }
    call5(CONSOLE_IO, 0, length, address_of(text), 0, 0);
}

static void say_number(const char *what, uint64_t number) {
    char text[20];
    for (int i = 0; i < 16; i++) {
        text[i] = "0123456789abcdef"[number >> (60 - 4 * i) & 15];
    }
    text[16] = '\n';
    text[17] = 0;
    say(what);
    say(text);
}

static void __attribute__((noreturn)) end(enum state state) {
    box->state = state;
    for (;;) {
        __asm__ volatile("pause");
    }
}

void probe_unexpected_trap(void) {
    box->trap[0] = trap_vector;
    box->trap[1] = trap_error;
    box->trap[2] = trap_rip;
    box->trap[3] = trap_cr2;
    say_number("probe: unexpected trap ", trap_vector);
    say_number("probe: error ", trap_error);
    say_number("probe: rip ", trap_rip);
    say_number("probe: cr2 ", trap_cr2);
    end(TRAPPED);
}

// ---- Starting -------------------------------------------------------------------------------

static void check(const char *what, uint64_t result) {
    if (result != 0) {
        say(what);
        say_number(" failed: ", result);
        end(FAILED);
    }
}

static void set_traps(void) {
    static struct trap_info table[33];
    for (int vector = 0; vector < 32; vector++) {
        table[vector].vector = (uint8_t)vector;
        // Breakpoints and overflows are the guest's to cause; events stay masked.
        table[vector].flags = (uint8_t)((vector == 3 || vector == 4 ? 3 : 0) | 4);
        table[vector].cs = KERNEL_CODE;
        table[vector].address = address_of(trap_entries) + 32 * (uint64_t)vector;
    }
    check("set_trap_table", call5(SET_TRAP_TABLE, address_of(table), 0, 0, 0, 0));
    check("set_callbacks",
          call5(SET_CALLBACKS, address_of(event_entry), address_of(failsafe_entry), 0, 0, 0));
}

static void map(const char *what, uint64_t address, uint64_t entry) {
    check(what, call5(UPDATE_VA_MAPPING, address, entry, UVMF_INVLPG, 0, 0));
}

static uint64_t nonce(const char *line) {
    uint64_t number = 0;
    for (; *line; line++) {
        char c = *line;
        if (c >= '0' && c <= '9') {
            number = number << 4 | (uint64_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            number = number << 4 | (uint64_t)(c - 'a' + 10);
        } else {
            number = 0;
        }
    }
    return number;
}

// Takes away all mappings that the probe does not need, so that those frames are nobody's but the
// domain's. The domain builder maps everything up to half a megabyte behind the last thing it puts
// there, and then to a multiple of four.
static void unmap_the_rest(const struct start_info *info) {
    uint64_t kept[][2] = {
        {VIRT_BASE + 0x1000, address_of(probe_end)},
        {CALL_MEMORY, CALL_BEHIND},
        {MAILBOX, MAILBOX + sizeof(struct mailbox)},
        {SHARED_INFO, SHARED_INFO + 0x1000},
        {info->mfn_list, info->mfn_list + 8 * info->nr_pages},
        {address_of(info), address_of(info) + sizeof(struct start_info)},
        {info->pt_base, info->pt_base + 0x1000 * info->nr_pt_frames},
    };
    uint64_t last = info->pt_base + 0x1000 * (info->nr_pt_frames + 1) + 0x80000;
    last = (last + 0x3fffff) & ~0x3fffffULL;
    for (uint64_t page = VIRT_BASE; page < last; page += 0x1000) {
        int needed = 0;
        for (unsigned i = 0; i < sizeof kept / sizeof kept[0]; i++) {
            needed |= page + 0x1000 > kept[i][0] && page < kept[i][1];
        }
        if (!needed) {
            map("unmapping", page, 0);
        }
    }
}

// ---- Waiting --------------------------------------------------------------------------------

static uint64_t time_stamp(void) {
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static uint64_t system_time(void) {
    const volatile struct time_info *time = (const volatile struct time_info *)(SHARED_INFO + 0x20);
    for (;;) {
        uint32_t version = time->version;
        __asm__ volatile("" ::: "memory");
        uint64_t delta = time_stamp() - time->tsc_timestamp;
        delta = time->shift < 0 ? delta >> -time->shift : delta << time->shift;
        uint64_t now =
                time->system_time + (uint64_t)((unsigned __int128)delta * time->mul >> 32);
        __asm__ volatile("" ::: "memory");
        if (version == time->version && (version & 1) == 0) {
            return now;
        }
    }
}

static void nap(void) {
    struct poll poll = {0, 0, 0, system_time() + box->nap};
    box->idle++;
    call5(SCHED_OP, SCHEDOP_POLL, address_of(&poll), 0, 0, 0);
}

static void await(const volatile struct command *command, uint64_t sequence) {
    uint64_t turns = 0;
    while (__atomic_load_n(&command->sequence, __ATOMIC_ACQUIRE) != sequence) {
        if (++turns >= box->patience) {
            nap();
            turns = 0;
        }
    }
}

// ---- Doing ----------------------------------------------------------------------------------

static uint64_t sum(const volatile uint64_t *words, int count, uint64_t sequence) {
    uint64_t all = sequence;
    for (int i = 0; i < count; i++) {
        all = (all << 7 | all >> 57) ^ words[i];
    }
    return all;
}

// What the processor still knows of an address may be older than the tables.
static void forget_translation(uint64_t address) {
    struct mmuext_op operation = {MMUEXT_INVLPG_LOCAL, address, 0};
    call5(MMUEXT_OP, address_of(&operation), 1, 0, DOMID_SELF, 0);
}

static void write(uint64_t address, uint64_t bytes, uint64_t value) {
    switch (bytes) {
        case 1: write_8(address, value); break;
        case 2: write_16(address, value); break;
        case 4: write_32(address, value); break;
        default: write_64(address, value); break;
    }
}

static uint64_t exchange(uint64_t address, uint64_t bytes, uint64_t value, uint64_t expected) {
    switch (bytes) {
        case 1: return exchange_8(address, value, expected) & 0xff;
        case 2: return exchange_16(address, value, expected) & 0xffff;
        case 4: return exchange_32(address, value, expected) & 0xffffffff;
        default: return exchange_64(address, value, expected);
    }
}

static void perform(const volatile struct command *command, volatile struct result *result) {
    uint64_t a[7];
    for (int i = 0; i < 7; i++) {
        a[i] = command->argument[i];
    }
    uint64_t value = 0;
    uint64_t second = 0;
    trap_vector = NO_TRAP;
    switch (command->operation) {
        case CALL:
            value = call5(a[0], a[1], a[2], a[3], a[4], a[5]);
            break;
        case WRITE:
            forget_translation(a[0]);
            write(a[0], a[1], a[2]);
            break;
        case EXCHANGE:
            forget_translation(a[0]);
            value = exchange(a[0], a[1], a[2], a[3]);
            second = exchanged;
            break;
        case LOAD_SEGMENT:
            load_segment(a[0]);
            break;
        case READ:
            forget_translation(a[0]);
            read_64(a[0]);
            value = trap_vector == NO_TRAP ? read_value : 0;
            break;
        case CALLS: {
            uint64_t start = time_stamp();
            for (uint64_t i = 0; i < a[0]; i++) {
                value = call5(a[1], a[2], a[3], a[4], a[5], a[6]);
            }
            second = time_stamp() - start;
            break;
        }
        case COPY: {
            uint64_t to = a[0], from = a[1], words = a[2] / 8;
            __asm__ volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
            break;
        }
        case PORT_OUT: {
            uint64_t start = time_stamp();
            for (uint64_t i = 0; i < a[1]; i++) {
                __asm__ volatile("outb %0, %1" : : "a"((uint8_t)a[2]), "d"((uint16_t)a[0]));
            }
            second = time_stamp() - start;
            break;
        }
        case PORT_IN: {
            uint64_t start = time_stamp();
            for (uint64_t i = 0; i < a[1]; i++) {
                uint8_t byte;
                __asm__ volatile("inb %1, %0" : "=a"(byte) : "d"((uint16_t)a[0]));
                value += byte;
            }
            second = time_stamp() - start;
            break;
        }
        case STOP: {
            uint32_t reason = 0;
            value = call5(SCHED_OP, SCHEDOP_SHUTDOWN, address_of(&reason), 0, 0, 0);
            break;
        }
        default:
            break;
    }
    result->value = value;
    result->second = second;
    result->vector = trap_vector;
    result->error = trap_vector == NO_TRAP ? 0 : trap_error;
    result->cr2 = trap_vector == NO_TRAP ? 0 : trap_cr2;
    result->rip = trap_vector == NO_TRAP ? 0 : trap_rip - guarded_rip;
}

static void __attribute__((noreturn)) serve(void) {
    for (uint64_t sequence = 1;; sequence++) {
        const volatile struct command *command = &box->commands[sequence % SLOTS];
        volatile struct result *result = &box->results[sequence % SLOTS];
        await(command, sequence);
        if (sum(&command->operation, 8, sequence) != command->sum) {
            say_number("probe: garbled command ", sequence);
            end(MISREAD);
        }
        perform(command, result);
        result->sum = sum(&result->value, 8, sequence);
        __atomic_store_n(&result->sequence, sequence, __ATOMIC_RELEASE);
    }
}

void probe_main(struct start_info *info) {
    set_traps();
    const uint64_t *frames = (const uint64_t *)info->mfn_list;
    uint64_t read_only = frames[(CALL_READ_ONLY - VIRT_BASE) >> 12];
    map("mapping read-only", CALL_READ_ONLY, read_only << 12 | 0x65);
    map("mapping the shared page", SHARED_INFO, info->shared_info | 0x65);
    unmap_the_rest(info);
    box->version = MAILBOX_VERSION;
    box->nonce = nonce(info->cmd_line);
    box->start_info = address_of(info);
    box->frame_list = info->mfn_list;
    box->pages = info->nr_pages;
    box->shared_info = info->shared_info;
    box->root = frames[(info->pt_base - VIRT_BASE) >> 12];
    box->patience = 20000;
    box->nap = 1000000;
    box->magic = MAILBOX_MAGIC;
    box->state = READY;
    say_number("probe: mailbox ", frames[(MAILBOX - VIRT_BASE) >> 12] << 12);
    serve();
}
