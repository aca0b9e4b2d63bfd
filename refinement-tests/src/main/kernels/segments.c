// SPDX-License-Identifier: Apache-2.0
// A paravirtual kernel that looks at segments, far jumps, single steps, breakpoints and who may use
// ports, and says what it sees: each line is the same on every Xen.

#include "start-info.h"

enum {
    SET_TRAP_TABLE = 0,
    SET_GDT = 2,
    SET_DEBUGREG = 8,
    GET_DEBUGREG = 9,
    STACK_SWITCH = 3,
    SET_CALLBACKS = 4,
    UPDATE_VA_MAPPING = 14,
    SET_SEGMENT_BASE = 25,
    MMUEXT_OP = 26,
    NEW_USER_BASEPTR = 15,
    DOMID_SELF = 0x7ff0,
    XEN_VERSION = 17,
    CONSOLE_IO = 18,
    VM_ASSIST = 21,
    SCHED_OP = 29,
    PHYSDEV_OP = 33,
    SET_IOPL = 6,
    SET_IOBITMAP = 7,
    SHUTDOWN = 2,
    KERNEL_CODE = 0xe033,
    KERNEL_DATA = 0xe02b,
    TRAP = 0x100
};

struct frame {
    uint64_t vector, error, rip, cs, rflags, rsp, ss;
};

uint64_t call4(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
void kernel_main(const struct start_info *info);
void caught(struct frame *frame);
extern char entries[];
extern uint16_t at_start[];
extern char user_undefined[], user_call[], user_far[], user_port[], user_flag[];

// What the last exception was, where the kernel goes on after the next one, and what it does then.
static volatile struct frame last;
static volatile uint64_t count, first_dr6, resume, resume_stack, steps_left;
static uint32_t reason;

static uint64_t table[512] __attribute__((aligned(4096)));
static uint64_t user_stack[512] __attribute__((aligned(4096)));
static uint64_t kernel_stack[2048];

static void say(const char *text) {
    uint64_t length = 0;
    while (text[length]) {
        length++;
    }
    call4(CONSOLE_IO, 0, length, (uint64_t)text, 0);
}

static char line[200];
static int used;

static void put(const char *text) {
    while (*text) {
        line[used++] = *text++;
    }
}

static void hex(uint64_t value) {
    char digits[17];
    int at = 16;
    digits[16] = 0;
    do {
        digits[--at] = "0123456789abcdef"[value & 15];
        value >>= 4;
    } while (value);
    line[used++] = ' ';
    put(digits + at);
}

static void end_line(void) {
    line[used++] = '\n';
    line[used] = 0;
    used = 0;
    say(line);
}

static void tell(const char *what, uint64_t value) {
    put(what);
    hex(value);
    end_line();
}

// What came of an attempt: nothing, or the vector, its error code, and what the frame says.
static void tell_caught(const char *what, uint64_t detail, uint64_t value) {
    put(what);
    hex(detail);
    put(":");
    if (count == 0) {
        put(" fine");
    } else {
        put(" exception");
        hex(last.vector);
        hex(last.error);
    }
    hex(value);
    end_line();
    count = 0;
}

void caught(struct frame *frame) {
    last = *frame;
    count++;
    if (frame->vector == 1) {
        uint64_t dr6 = call4(GET_DEBUGREG, 6, 0, 0, 0);
        call4(SET_DEBUGREG, 6, 0, 0, 0);
        first_dr6 = count == 1 ? dr6 : first_dr6;
        if (steps_left && --steps_left == 0) {
            frame->rflags &= ~(uint64_t)TRAP;
        }
        if ((dr6 & 0x4000) == 0) {
            frame->rflags |= 0x10000;
        }
        if (!resume) {
            return;
        }
    }
    if (resume) {
        frame->rip = resume;
        frame->rsp = resume_stack ? resume_stack : frame->rsp;
        frame->cs = KERNEL_CODE & ~3;
        frame->ss = KERNEL_DATA;
        resume = 0;
    }
}


#define TRY(code, ...)                                                                          \
    asm volatile("lea 1f(%%rip), %%rax; mov %%rax, resume; mov %%rsp, resume_stack; " code      \
                 "; 1: movq $0, resume"                                                         \
                 __VA_ARGS__)

#define LOADS(name)                                                                             \
    static void load_##name(uint64_t selector) {                                                \
        uint64_t before = 0, after = 0;                                                         \
        asm volatile("mov %%" #name ", %0" : "=r"(before));                                     \
        TRY("mov %0, %%" #name, : : "r"(selector) : "rax", "memory");                           \
        asm volatile("mov %%" #name ", %0" : "=r"(after));                                      \
        tell_caught("mov " #name, selector, after);                                             \
        asm volatile("mov %0, %%" #name : : "r"(before));                                       \
    }

LOADS(ds)
LOADS(ss)
LOADS(fs)

static void look(uint64_t selector) {
    uint64_t rights = 0xdead, limit = 0xdead;
    uint8_t lar, lsl, reads, writes;
    asm volatile("lar %2, %1; setz %0" : "=r"(lar), "+r"(rights) : "r"(selector) : "cc");
    asm volatile("lsl %2, %1; setz %0" : "=r"(lsl), "+r"(limit) : "r"(selector) : "cc");
    asm volatile("verr %w1; setz %0" : "=r"(reads) : "r"(selector) : "cc");
    asm volatile("verw %w1; setz %0" : "=r"(writes) : "r"(selector) : "cc");
    put("look");
    hex(selector);
    put(":");
    hex(lar);
    // What it shows of the limit is undefined.
    hex(rights & 0xf0ff00);
    hex(lsl);
    hex(limit);
    hex(reads);
    hex(writes);
    end_line();
}

static void far_return(uint64_t selector) {
    uint64_t cs = 0;
    TRY("push %1; lea 2f(%%rip), %%rax; push %%rax; lretq; 2: mov %%cs, %0; ud2",
        : "+&r"(cs) : "r"(selector) : "rax", "memory");
    tell_caught("lret", selector, cs);
    if (cs) {
        tell("  frame", last.cs);
    }
}

static void far_jump(uint64_t selector, int call) {
    static struct {
        uint64_t offset;
        uint16_t selector;
    } __attribute__((packed)) pointer;
    uint64_t cs = 0, pushed = 0;
    pointer.selector = (uint16_t)selector;
    if (call) {
        TRY("lea 2f(%%rip), %%rax; mov %%rax, %2; rex64 lcall *%2; 2: mov %%cs, %0; "
            "mov 8(%%rsp), %1; ud2",
            : "+&r"(cs), "+&r"(pushed), "+m"(pointer) : : "rax", "memory");
    } else {
        TRY("lea 2f(%%rip), %%rax; mov %%rax, %2; rex64 ljmp *%2; 2: mov %%cs, %0; ud2",
            : "+&r"(cs), "+&r"(pushed), "+m"(pointer) : : "rax", "memory");
    }
    tell_caught(call ? "lcall" : "ljmp", selector, cs);
    if (call) {
        tell("  pushed", pushed);
    }
}

static void interrupt_return(uint64_t selector, uint64_t stack, uint64_t flags) {
    uint64_t cs = 0, ss = 0, rflags = 0;
    TRY("mov %%rsp, %%rax; push %4; push %%rax; push %5; push %3; lea 2f(%%rip), %%rax; "
        "push %%rax; iretq; 2: mov %%cs, %0; mov %%ss, %1; pushf; pop %2; ud2",
        : "+&r"(cs), "+&r"(ss), "+&r"(rflags)
        : "r"(selector), "r"(stack), "r"(flags) : "rax", "memory", "cc");
    tell_caught("iret", selector, cs);
    put(" ");
    hex(stack);
    hex(ss);
    hex(rflags);
    end_line();
    asm volatile("pushf; andl $0xffffbfff, (%%rsp); popf" : : : "cc", "memory");
}

static void by_call(uint64_t selector, uint64_t stack) {
    static uint64_t bytes[9];
    uint64_t cs = 0, ss = 0;
    bytes[5] = selector;
    bytes[6] = 0x202;
    bytes[8] = stack;
    TRY("lea 2f(%%rip), %%rax; mov %%rax, 32(%2); mov %%rsp, 56(%2); mov %2, %%rsp; "
        "mov $23, %%eax; syscall; 2: mov %%cs, %0; mov %%ss, %1; ud2",
        : "+&r"(cs), "+&r"(ss) : "r"(bytes) : "rax", "rcx", "r11", "memory");
    tell_caught("call iret", selector, cs);
    tell("  ss", ss);
}

static void tables(void) {
    struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) gdt, idt;
    uint64_t ldt = -1, task = -1, status = -1;
    uint16_t short_status = 0;
    asm volatile("sgdt %0; sidt %1" : "=m"(gdt), "=m"(idt));
    asm volatile("sldt %0; str %1; smsw %2" : "=r"(ldt), "=r"(task), "=r"(status));
    asm volatile("smsw %0" : "=m"(short_status));
    tell("gdt", gdt.base);
    tell("gdt limit", gdt.limit);
    tell("idt", idt.base >> 32);
    tell("idt limit", idt.limit);
    tell("ldt", ldt);
    tell("task", task);
    // TS is Xen's own.
    tell("status", status & ~8);
    tell("status", short_status & ~8);
}

// The level 1 entry of an address: found from the root, frame by frame.
static volatile uint64_t *entry_of(uint64_t root, uint64_t address) {
    uint64_t table = root;
    for (int level = 4;; level--) {
        volatile uint64_t *entry =
                (volatile uint64_t *)table + (address >> (3 + 9 * level) & 511);
        if (level == 1) {
            return entry;
        }
        table = BASE + (MACHINE_TO_PHYSICAL[*entry >> 12 & 0xffffffffff] << 12);
    }
}

static void set_debug(uint64_t number, uint64_t value) {
    tell("set_debugreg", call4(SET_DEBUGREG, number, value, 0, 0));
}

static void tell_debug(const char *what) {
    put(what);
    hex(count);
    hex(count ? first_dr6 : 0);
    hex(count ? last.cs : 0);
    end_line();
    count = 0;
}

#define STEPPED(name, left, code, ...)                                                          \
    do {                                                                                        \
        count = 0;                                                                              \
        steps_left = left;                                                                      \
        asm volatile("pushf; orl $0x100, (%%rsp); popf; " code                                  \
                     "; pushf; andl $~0x100, (%%rsp); popf"                                     \
                     : __VA_ARGS__ : "rax", "rcx", "r11", "cc", "memory");                      \
        tell_debug(name);                                                                       \
    } while (0)

static void steps(volatile uint64_t *entry) {
    uint64_t data = KERNEL_DATA;
    STEPPED("steps", 100, "nop; nop; mov $5, %%eax", : );
    STEPPED("one step", 1, "nop; nop; nop", : );
    STEPPED("step over ss", 100, "mov %0, %%ss; nop", : "r"(data));
    STEPPED("step over a loop", 100, "mov $3, %%ecx; 1: dec %%ecx; jnz 1b", : );
    STEPPED("step over rep", 100, "mov $3, %%ecx; rep lodsb", : "S"(table));
    STEPPED("step over a write to dr6", 100, "xor %%eax, %%eax; mov %%rax, %%dr6; nop", : );
    STEPPED("step over a table write", 100, "mov (%0), %%rax; mov %%rax, (%0); nop", : "r"(entry));
    STEPPED("step over cpuid", 100,
            "push %%rbx; push %%rdx; xor %%eax, %%eax; ud2; .ascii \"xen\"; cpuid; "
            "pop %%rdx; pop %%rbx", : );
    STEPPED("step over pushf", 100, "pushf; pop %%rax; nop", : );
}

static void breakpoints(volatile uint64_t *entry) {
    // Alone in its page: some QEMU take accesses to the rest of it for hits.
    static volatile uint64_t word[512] __attribute__((aligned(4096)));
    uint64_t got = 0;
    set_debug(0, (uint64_t)word);
    // Writes to 8 bytes.
    set_debug(7, 0x90001);
    set_debug(7, 0x90001);
    tell("dr7", call4(GET_DEBUGREG, 7, 0, 0, 0));
    got = word[0];
    tell_debug("read");
    word[0] = 1;
    tell_debug("write");
    *((volatile uint8_t *)word + 7) = 1;
    tell_debug("write a byte");
    *(volatile uint32_t *)(word + 1) = 0;
    tell_debug("write beside it");
    // Reads and writes of 2 bytes.
    set_debug(7, 0x70002);
    got = *(volatile uint8_t *)word;
    tell_debug("read a byte");
    got += *((volatile uint8_t *)word + 2);
    tell_debug("read beside it");
    __atomic_fetch_add(word, got, __ATOMIC_SEQ_CST);
    tell_debug("read and write");
    set_debug(2, (uint64_t)entry);
    set_debug(7, 0xb000010);
    got = *entry;
    tell_debug("read an entry");
    *entry = got;
    tell_debug("write an entry");
    // An instruction.
    void *at;
    asm volatile("lea 3f(%%rip), %0" : "=r"(at));
    set_debug(1, (uint64_t)at);
    set_debug(7, 0x4);
    asm volatile("nop; 3: nop; nop");
    tell_debug("execute");
    set_debug(7, 0x2000);
    set_debug(7, 0x20001);
    set_debug(0, 0xffff800000000000);
    set_debug(8, 0);
    set_debug(7, 0);
    tell("dr7", call4(GET_DEBUGREG, 7, 0, 0, 0));
    tell("dr8", call4(GET_DEBUGREG, 8, 0, 0, 0));
    tell_debug("nothing");
}

static void try_privileged(const char *what) {
    uint64_t flags = 0, byte = 0x1234, word = 0x123456789, all = 0x123456789;
    put(what);
    end_line();
    TRY("cli", : : : "rax", "memory");
    tell_caught("cli", 0, 0);
    TRY("sti", : : : "rax", "memory");
    tell_caught("sti", 0, 0);
    asm volatile("pushf; pop %0" : "=r"(flags));
    tell("flags", flags & 0x3200);
    TRY("mov %0, %%rax; in %%dx, %%al; mov %%rax, %0",
        : "+r"(byte) : "d"(0x2f0) : "rax", "memory");
    tell_caught("in", 1, byte);
    TRY("mov %0, %%rax; in %%dx, %%ax; mov %%rax, %0",
        : "+r"(word) : "d"(0x2f4) : "rax", "memory");
    tell_caught("in", 2, word);
    TRY("mov %0, %%rax; in $0xf4, %%eax; mov %%rax, %0", : "+r"(all) : : "rax", "memory");
    tell_caught("in", 4, all);
    TRY("out %%al, %%dx", : : "d"(0x2f0) : "rax", "memory");
    tell_caught("out", 1, 0);
}

static void set_level(uint32_t level) {
    tell("set_iopl", call4(PHYSDEV_OP, SET_IOPL, (uint64_t)&level, 0, 0));
}

static void privileges(void) {
    static uint8_t bitmap[0x2000] __attribute__((aligned(4096)));
    struct {
        uint64_t bitmap;
        uint32_t ports;
    } allowed = {(uint64_t)bitmap, 0x10000};
    uint64_t cr4 = 0;
    TRY("mov %%cr4, %0", : "+r"(cr4) : : "rax", "memory");
    // Whether there are instructions for the bases of FS and GS is the processor's.
    tell_caught("cr4", 0, cr4 & ~0x10000);
    TRY("rdpmc", : : "c"(0) : "rax", "rdx", "memory");
    tell_caught("rdpmc", 0, 0);
    set_level(0);
    try_privileged("level 0");
    set_level(1);
    try_privileged("level 1");
    set_level(4);
    set_level(0);
    for (unsigned i = 0; i < sizeof bitmap; i++) {
        bitmap[i] = 0xff;
    }
    bitmap[0x2f0 / 8] = 0xde;
    bitmap[0xf4 / 8] = 0x0f;
    tell("set_iobitmap", call4(PHYSDEV_OP, SET_IOBITMAP, (uint64_t)&allowed, 0, 0));
    try_privileged("bitmap");
    bitmap[0xf4 / 8] = 0x1f;
    bitmap[0x2f0 / 8] = 0xef;
    try_privileged("other bitmap");
    allowed.ports = 0x2f1;
    tell("set_iobitmap", call4(PHYSDEV_OP, SET_IOBITMAP, (uint64_t)&allowed, 0, 0));
    try_privileged("short bitmap");
    allowed.ports = 0x10001;
    tell("set_iobitmap", call4(PHYSDEV_OP, SET_IOBITMAP, (uint64_t)&allowed, 0, 0));
    allowed.ports = 0;
    tell("set_iobitmap", call4(PHYSDEV_OP, SET_IOBITMAP, (uint64_t)&allowed, 0, 0));
    tell("vm_assist", call4(VM_ASSIST, 0, 4, 0, 0));
    try_privileged("assist");
    tell("frame", last.rflags & 0x3200);
}

static void in_user(const char *what, const char *code, uint64_t cs, uint64_t ss) {
    TRY("push %1; push %2; push $0x202; push %0; push %3; push $0; push $0; push $0; push $0; "
        "mov $23, %%eax; syscall",
        : : "r"(cs), "r"(ss), "r"(user_stack + 512), "r"(code)
        : "rax", "rcx", "rdx", "r11", "memory");
    tell_caught(what, cs, ss);
    put(" ");
    hex(last.cs & 0xffff);
    hex(last.ss);
    hex(last.rflags & 0x3200);
    hex(last.rip == (uint64_t)code);
    end_line();
}

static void users(uint64_t root) {
    uint64_t operation[3] = {NEW_USER_BASEPTR, root, 0};
    uint64_t done = call4(MMUEXT_OP, (uint64_t)operation, 1, 0, DOMID_SELF);
    done |= call4(STACK_SWITCH, KERNEL_DATA, (uint64_t)(kernel_stack + 2048), 0, 0);
    done |= call4(SET_CALLBACKS, 0, 0, (uint64_t)entries + 32 * 20, 0);
    tell("ways in", done);
    in_user("undefined", user_undefined, KERNEL_CODE, KERNEL_DATA);
    in_user("undefined", user_undefined, 0x13, 0xb);
    in_user("undefined", user_undefined, 0x53, 0x3b);
    in_user("call", user_call, KERNEL_CODE, KERNEL_DATA);
    in_user("call", user_call, 0x13, 0xb);
    in_user("no data", user_call, 0x13, 0);
    in_user("no code", user_call, 0xb, 0xb);
    in_user("not present", user_call, 0x2b, 0xb);
    in_user("beyond", user_call, 0xf003, 0xb);
    in_user("far call", user_far, 0x13, 0xb);
    for (uint32_t level = 0; level < 4; level++) {
        set_level(level);
        in_user("port", user_port, KERNEL_CODE, KERNEL_DATA);
        in_user("cli", user_flag, KERNEL_CODE, KERNEL_DATA);
    }
}

static void user_gs(uint64_t selector) {
    uint32_t low = 0, high = 0;
    uint64_t now = 0;
    tell("set_segment_base", call4(SET_SEGMENT_BASE, 3, selector, 0, 0));
    asm volatile("mov %%gs, %0" : "=r"(now));
    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0xc0000102));
    put(" ");
    hex(now);
    hex((uint64_t)high << 32 | low);
    end_line();
}

void kernel_main(const struct start_info *info) {
    static struct {
        uint8_t vector, flags;
        uint16_t cs;
        uint64_t address;
    } traps[21];
    static const uint64_t descriptors[] = {
        0,
        0x00cff3000000ffff, // 08: data
        0x00affb000000ffff, // 10: 64-bit code
        0x00cf73000000ffff, // 18: data that is not present
        0x00cff1000000ffff, // 20: data to read only
        0x00af7b000000ffff, // 28: code that is not present
        0x00aff9000000ffff, // 30: code that cannot be read
        0x12cff3345678ffff, // 38: data with a base
        0,
        0x0040f20000000123, // 48: data of 0x123 bytes that nobody has loaded
        0x00afff000000ffff, // 50: conforming code
    };
    static const uint16_t data[] = {0,      3,      0x8,    0xb,    0x13,   0x1b,   0x23,
                                    0x33,   0x3b,   0x4b,   0x53,   0x7,    0x103,  0x803,
                                    0xe008, 0xe00b, 0xe013, 0xe02b, 0xe028, 0xe033, 0xe043,
                                    0xe053, 0xe063, 0xfffb, 0xdffb};
    static const uint16_t code[] = {0,    3,    0x10, 0x13,   0x12,   0xb,    0x2b,
                                    0x33, 0x53, 0x7,  0x103,  0xe008, 0xe00b,
                                    0xe02b, 0xe030, 0xe033, 0xe043, 0xfffb};
    const int datas = sizeof data / sizeof *data;
    const int codes = sizeof code / sizeof *code;
    put("start");
    for (int i = 0; i < 6; i++) {
        hex(at_start[i]);
    }
    end_line();
    for (int i = 0; i < 20; i++) {
        traps[i].vector = (uint8_t)i;
        traps[i].cs = KERNEL_CODE;
        traps[i].address = (uint64_t)entries + 32 * (uint64_t)i;
    }
    tell("set_trap_table", call4(SET_TRAP_TABLE, (uint64_t)traps, 0, 0, 0));
    for (unsigned i = 0; i < sizeof descriptors / sizeof *descriptors; i++) {
        table[i] = descriptors[i];
    }
    const uint64_t *frames = (const uint64_t *)info->mfn_list;
    uint64_t frame = frames[((uint64_t)table - BASE) >> 12];
    tell("update_va_mapping",
            call4(UPDATE_VA_MAPPING, (uint64_t)table, frame << 12 | 0x61, 2, 0));
    tell("set_gdt", call4(SET_GDT, (uint64_t)&frame, 16, 0, 0));
    tables();
    for (int i = 0; i < datas; i++) {
        look(data[i]);
    }
    for (int i = 0; i < datas; i++) {
        load_ds(data[i]);
    }
    for (int i = 0; i < datas; i++) {
        load_ss(data[i]);
    }
    for (int i = 0; i < datas; i++) {
        load_fs(data[i]);
    }
    tell("marked", table[9]);
    asm volatile("mov %0, %%ss" : : "r"((uint64_t)0xb));
    call4(XEN_VERSION, 0, 0, 0, 0);
    uint64_t ss;
    asm volatile("mov %%ss, %0" : "=r"(ss));
    tell("ss after a call", ss);
    for (int i = 0; i < codes; i++) {
        far_return(code[i]);
    }
    for (int i = 0; i < codes; i++) {
        far_jump(code[i], 0);
        far_jump(code[i], 1);
    }
    for (int i = 0; i < codes; i++) {
        interrupt_return(code[i], KERNEL_DATA, 0x202);
    }
    for (int i = 0; i < datas; i++) {
        // QEMU has another exception for a stack that is not present.
        if (data[i] != 0x1b) {
            interrupt_return(0x13, data[i], 0x202);
        }
    }
    interrupt_return(KERNEL_CODE, KERNEL_DATA, 0x247ed7);
    interrupt_return(KERNEL_CODE, KERNEL_DATA, 0x2);
    for (int i = 0; i < codes; i++) {
        if ((code[i] & 3) != 3) {
            by_call(code[i], KERNEL_DATA);
        }
    }
    by_call(0x10, 0xb);
    by_call(0x10, 0);
    by_call(0x10, 0x13);
    volatile uint64_t *entry = entry_of(info->pt_base, (uint64_t)user_stack);
    steps(entry);
    breakpoints(entry);
    privileges();
    user_gs(0x3b);
    user_gs(0x38);
    user_gs(0x1b);
    user_gs(0x3b);
    user_gs(0x7);
    user_gs(0);
    users(frames[(info->pt_base - BASE) >> 12]);
    say("end\n");
    reason = 0;
    call4(SCHED_OP, SHUTDOWN, (uint64_t)&reason, 0, 0);
    for (;;) {
    }
}
