// SPDX-License-Identifier: Apache-2.0
// A small paravirtual kernel: says hello, maps pages in two ways, has a page fault, goes to user
// mode and comes back, ends. Its command line says with which reason.

#include "start-info.h"

enum {
    SET_TRAP_TABLE = 0,
    MMU_UPDATE = 1,
    STACK_SWITCH = 3,
    SET_CALLBACKS = 4,
    CONSOLE_IO = 18,
    MMUEXT_OP = 26,
    SCHED_OP = 29,
    SHUTDOWN = 2,
    NEW_USER_BASEPTR = 15,
    INVLPG_LOCAL = 7,
    DOMID_SELF = 0x7ff0,
    KERNEL_CODE = 0xe033,
    KERNEL_DATA = 0xe02b,
    PAGE_FAULT = 14
};


uint64_t call4(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
uint64_t read_3(uint64_t address);
void to_user(uint64_t entry, uint64_t stack);
void kernel_main(const struct start_info *info);
void from_user(void);
extern char page_fault_entry[], syscall_entry[], user_code[];
extern volatile uint64_t fault_address, fault_error, user_rax;

static volatile uint64_t window[512] __attribute__((aligned(4096)));
static uint64_t user_stack[512] __attribute__((aligned(4096)));
static uint64_t entry_stack[1024] __attribute__((aligned(4096)));
static uint32_t reason;

static void say(const char *text) {
    uint64_t length = 0;
    while (text[length]) {
        length++;
    }
    call4(CONSOLE_IO, 0, length, (uint64_t)text, 0);
}

static void end(uint32_t why) {
    reason = why;
    call4(SCHED_OP, SHUTDOWN, (uint64_t)&reason, 0, 0);
    for (;;) {
    }
}

static void check(int right, const char *what) {
    say(what);
    if (!right) {
        say(": wrong\n");
        end(3);
    }
    say(": right\n");
}

// The level 1 entry of an address: found from the root, frame by frame.
static volatile uint64_t *entry_of(uint64_t root, uint64_t address, uint64_t *machine) {
    uint64_t table = root;
    for (int level = 4;; level--) {
        volatile uint64_t *entry =
                (volatile uint64_t *)table + (address >> (3 + 9 * level) & 511);
        if (level == 1) {
            return entry;
        }
        uint64_t frame = *entry >> 12 & 0xffffffffff;
        *machine = frame << 12 | (address >> (3 + 9 * (level - 1)) & 511) << 3;
        table = BASE + (MACHINE_TO_PHYSICAL[frame] << 12);
    }
}

static void forget(uint64_t address) {
    uint64_t operation[3] = {INVLPG_LOCAL, address, 0};
    call4(MMUEXT_OP, (uint64_t)operation, 1, 0, DOMID_SELF);
}

void from_user(void) {
    check(user_rax == 0x1234, "user mode");
    end(0);
}

void kernel_main(const struct start_info *info) {
    static struct {
        uint8_t vector, flags;
        uint16_t cs;
        uint64_t address;
    } traps[2] = {{PAGE_FAULT, 4, KERNEL_CODE, 0}};
    say("hello\n");
    if (info->cmd_line[0] >= '1' && info->cmd_line[0] <= '9') {
        end((uint32_t)(info->cmd_line[0] - '0'));
    }
    traps[0].address = (uint64_t)page_fault_entry;
    check(call4(SET_TRAP_TABLE, (uint64_t)traps, 0, 0, 0) == 0, "set_trap_table");

    const uint64_t *frames = (const uint64_t *)info->mfn_list;
    uint64_t machine = 0;
    uint64_t address = (uint64_t)window;
    volatile uint64_t *entry = entry_of(info->pt_base, address, &machine);
    uint64_t before = *entry;
    uint64_t other = frames[info->nr_pages - 1] << 12 | 0x67;
    window[0] = 1;

    uint64_t update[2] = {machine, other};
    uint64_t done = call4(MMU_UPDATE, (uint64_t)update, 1, 0, DOMID_SELF);
    forget(address);
    check(done == 0 && window[0] == 0, "mmu_update");
    window[0] = 2;

    *entry = before;
    forget(address);
    check(window[0] == 1, "writable page table");
    __atomic_compare_exchange_n(entry, &before, other, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    forget(address);
    check(window[0] == 2, "compare and exchange");

    read_3(0x1000);
    check(fault_address == 0x1000 && (fault_error & ~4UL) == 0, "page fault");
    fault_address = 0;
    *(volatile uint64_t *)(info->mfn_list + 8) = frames[1];
    check(fault_address == 0, "no page fault");

    uint64_t operation[3] = {NEW_USER_BASEPTR, frames[(info->pt_base - BASE) >> 12], 0};
    done = call4(MMUEXT_OP, (uint64_t)operation, 1, 0, DOMID_SELF);
    done |= call4(STACK_SWITCH, KERNEL_DATA, (uint64_t)(entry_stack + 1024), 0, 0);
    done |= call4(SET_CALLBACKS, 0, 0, (uint64_t)syscall_entry, 0);
    check(done == 0, "ways in");
    to_user((uint64_t)user_code, (uint64_t)(user_stack + 512));
}
