// SPDX-License-Identifier: Apache-2.0
// A paravirtual kernel that brings all its vCPUs up and has them work on the same memory: what one
// of them sees of the others is what an x86 processor allows, or it says "wrong" and ends.
//
// Its command line is of words: rounds=N (how often each litmus test is made, of 10000 steps),
// counts (says how often what may happen has), speed (says how long work takes, alone and together),
// nocode (changes no code, for QEMU with threads, which is not exact there).

#include "start-info.h"

enum {
    MMU_UPDATE = 1,
    CONSOLE_IO = 18,
    UPDATE_VA_MAPPING = 14,
    VCPU_OP = 24,
    MMUEXT_OP = 26,
    SCHED_OP = 29,
    SHUTDOWN = 2,
    INITIALISE = 0,
    UP = 1,
    DOWN = 2,
    IS_UP = 3,
    TLB_FLUSH_MULTI = 8,
    INVLPG_MULTI = 9,
    TLB_FLUSH_ALL = 10,
    INVLPG_ALL = 11,
    IN_KERNEL = 4,
    DOMID_SELF = 0x7ff0,
    KERNEL_CODE = 0xe033,
    KERNEL_DATA = 0xe02b
};

#define PAGE __attribute__((aligned(4096)))
#define LINE __attribute__((aligned(64)))

// struct vcpu_guest_context
struct context {
    uint8_t fpu[512];
    uint64_t flags;
    uint64_t r15_to_rdi[15];
    uint64_t error_code;
    uint64_t rip, cs, rflags, rsp, ss, es, ds, fs, gs;
    struct {
        uint64_t description, address;
    } traps[256];
    uint64_t ldt_base, ldt_entries, gdt_frames[16], gdt_entries;
    uint64_t kernel_ss, kernel_sp, control[8], debug[8];
    uint64_t event_callback, failsafe_callback, syscall_callback, assists;
    uint64_t fs_base, gs_base_kernel, gs_base_user;
};

_Static_assert(sizeof(struct context) == 5168, "struct vcpu_guest_context");

enum { MOST = 32, STACK = 8192 };

uint64_t call4(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d);
uint64_t integer_unit(void);
void kernel_main(const struct start_info *info);
void other_main(uint64_t number);
extern char start_other[];
extern uint32_t changing(void);
extern volatile uint32_t changing_number;

static const struct start_info *information;
static uint64_t vcpus;
static uint64_t rounds = 20;
static int counts, speed, no_code;
static uint8_t stacks[MOST][STACK] PAGE;
static struct context context;
static uint64_t root;

// ---- Saying things -----------------------------------------------------------------------------

static void say(const char *text) {
    uint64_t length = 0;
    while (text[length]) {
        length++;
    }
    call4(CONSOLE_IO, 0, length, (uint64_t)text, 0);
}

static void say_number(int64_t number) {
    char text[24];
    int at = 23;
    int negative = number < 0;
    uint64_t left = negative ? -(uint64_t)number : (uint64_t)number;
    text[at] = 0;
    do {
        text[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (negative) {
        text[--at] = '-';
    }
    say(text + at);
}

static void end(uint32_t why) {
    static uint32_t reason;
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

static void show(const char *what, uint64_t number) {
    if (counts) {
        say("  ");
        say(what);
        say(": ");
        say_number((int64_t)number);
        say("\n");
    }
}

// ---- What the processor has --------------------------------------------------------------------

static inline void fence(void) {
    __asm__ volatile("mfence" ::: "memory");
}

static inline void pause(void) {
    __asm__ volatile("pause" ::: "memory");
}

static inline void serialise(void) {
    uint32_t a = 0, b, c = 0, d;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d)::"memory");
}

static inline uint64_t stamp(void) {
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high)::"memory");
    return (uint64_t)high << 32 | low;
}

static inline uint64_t add(volatile uint64_t *to, uint64_t amount) {
    __asm__ volatile("lock xaddq %0, %1" : "+r"(amount), "+m"(*to)::"memory");
    return amount;
}

static inline uint32_t exchange_4(volatile uint32_t *with, uint32_t value) {
    __asm__ volatile("xchgl %0, %1" : "+r"(value), "+m"(*with)::"memory");
    return value;
}

// Two loads behind each other, with nothing between.
static inline void load_both(volatile uint64_t *first, volatile uint64_t *then, uint64_t *saw,
                             uint64_t *saw_then) {
    uint64_t a, b;
    __asm__ volatile("movq %2, %0\n\tmovq %3, %1" : "=&r"(a), "=&r"(b) : "m"(*first), "m"(*then));
    *saw = a;
    *saw_then = b;
}

// ---- Having all do the same --------------------------------------------------------------------

typedef void job(uint64_t number);

static job *volatile current LINE;
static volatile uint64_t turn LINE;
static volatile uint64_t done LINE;
static volatile uint64_t stopped LINE;

// All wait for each other; nobody is much later than another when they go on.
static volatile uint64_t arrived LINE;
static volatile uint64_t gone LINE;

static void meet(uint64_t who) {
    uint64_t target = (add(&arrived, 1) / who + 1) * who;
    while (arrived < target) {
        pause();
    }
}

static void together(job *what) {
    current = what;
    done = 0;
    arrived = 0;
    turn++;
    what(0);
    add(&done, 1);
    while (done < vcpus) {
        pause();
    }
}

void other_main(uint64_t number) {
    for (uint64_t seen = 0;;) {
        while (turn == seen) {
            pause();
        }
        seen = turn;
        current(number);
        add(&done, 1);
    }
}

// ---- Locked instructions -----------------------------------------------------------------------

enum { ADDS = 20000, FEW_ADDS = 500 };

static volatile struct {
    uint64_t added, exchanged, bits;
    uint32_t incremented;
    uint16_t half;
    uint8_t byte;
} total LINE;

static volatile uint8_t odd_total[128] LINE;

static void add_often(uint64_t number) {
    (void)number;
    meet(vcpus);
    for (int i = 0; i < ADDS; i++) {
        __asm__ volatile("lock addq $3, %0" : "+m"(total.added)::"memory");
        __asm__ volatile("lock incl %0" : "+m"(total.incremented)::"memory");
        __asm__ volatile("lock incw %0" : "+m"(total.half)::"memory");
        __asm__ volatile("lock incb %0" : "+m"(total.byte)::"memory");
        uint64_t before = total.exchanged;
        while (!__atomic_compare_exchange_n(
                &total.exchanged, &before, before + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        }
        // A bit of one's own, set and cleared.
        __asm__ volatile("lock btcq %1, %0" : "+m"(total.bits) : "r"(number) : "memory");
    }
}

// Across two words, and across two lines; the second vCPU adds to one byte of both.
static void add_across(uint64_t number) {
    meet(vcpus);
    for (int i = 0; number == 1 && i < 20 * FEW_ADDS; i++) {
        __asm__ volatile("lock incb %0" : "+m"(odd_total[9])::"memory");
        __asm__ volatile("lock incb %0" : "+m"(odd_total[68])::"memory");
    }
    for (int i = 0; number != 1 && i < FEW_ADDS; i++) {
        __asm__ volatile("lock incl %0" : "+m"(*(uint32_t *)(odd_total + 6))::"memory");
        __asm__ volatile("lock incq %0" : "+m"(*(uint64_t *)(odd_total + 61))::"memory");
    }
}

static void locked(void) {
    together(add_often);
    uint64_t all = vcpus * ADDS;
    check(total.added == 3 * all && total.incremented == (uint32_t)all
                    && total.half == (uint16_t)all && total.byte == (uint8_t)all
                    && total.exchanged == all && total.bits == 0,
          "locked additions");
    together(add_across);
    all = (vcpus - 1) * FEW_ADDS;
    uint64_t bytes = 20 * FEW_ADDS & 0xff;
    check(*(volatile uint32_t *)(odd_total + 6) == (uint32_t)(all + (bytes << 24))
                    && *(volatile uint64_t *)(odd_total + 61) == all + (bytes << 56),
          "locked additions across words");
}

// ---- A spin lock, let go of by a plain store -----------------------------------------------------

static volatile uint32_t lock LINE;
static volatile uint64_t guarded[4] LINE;
static volatile uint64_t torn LINE;

static void take_often(uint64_t number) {
    (void)number;
    meet(vcpus);
    for (int i = 0; i < ADDS / 4; i++) {
        while (exchange_4(&lock, 1)) {
            while (lock) {
                pause();
            }
        }
        if (guarded[0] != guarded[1]) {
            torn++;
        }
        guarded[0]++;
        guarded[1]++;
        lock = 0;
    }
}

static void spin_lock(void) {
    together(take_often);
    check(guarded[0] == vcpus * (ADDS / 4) && guarded[1] == guarded[0] && !torn, "spin lock");
}

// ---- Litmus tests ------------------------------------------------------------------------------
// Nobody waits for anybody: each goes through numbers from 1 on, and notes what it has seen of the
// others' numbers. What must not happen is looked for afterwards, in all that was noted.

enum { STEPS = 10000 };

static volatile uint64_t x LINE;
static volatile uint64_t y LINE;
static uint64_t first_saw[STEPS + 2] PAGE, second_saw[STEPS + 2] PAGE;
static uint64_t first_saw_then[STEPS + 2] PAGE, second_saw_then[STEPS + 2] PAGE;
static volatile uint64_t met LINE;
static int fenced;

// Store buffering: each stores, then loads what the other stores.
static void store_buffering(uint64_t number) {
    if (number > 1) {
        return;
    }
    volatile uint64_t *mine = number ? &y : &x;
    volatile uint64_t *others = number ? &x : &y;
    uint64_t *saw = number ? second_saw : first_saw;
    meet(2);
    for (uint64_t i = 1; i <= STEPS; i++) {
        uint64_t number_now = i;
        switch (fenced) {
        case 0:
            *mine = i;
            break;
        case 1:
            *mine = i;
            fence();
            break;
        case 2:
            __asm__ volatile("xchgq %0, %1" : "+r"(number_now), "+m"(*mine)::"memory");
            break;
        default:
            *mine = i;
            __asm__ volatile("lock orl $0, (%%rsp)" ::: "memory");
            break;
        }
        saw[i] = *others;
    }
}

// Whoever has not seen a number has stored before it, so who stores that number sees the store.
static uint64_t buffered(int how) {
    uint64_t times = 0;
    fenced = how;
    for (uint64_t round = 0; round < rounds; round++) {
        x = y = 0;
        together(store_buffering);
        for (uint64_t i = 1; i <= STEPS; i++) {
            uint64_t next = first_saw[i] + 1;
            times += next <= STEPS && second_saw[next] < i;
        }
    }
    return times;
}

// Load buffering: each loads, then stores what the other loads.
static void load_buffering(uint64_t number) {
    if (number > 1) {
        return;
    }
    volatile uint64_t *mine = number ? &y : &x;
    volatile uint64_t *others = number ? &x : &y;
    uint64_t *saw = number ? second_saw : first_saw;
    meet(2);
    for (uint64_t i = 1; i <= STEPS; i++) {
        saw[i] = *others;
        *mine = i;
    }
}

// Message passing: a value, then that it is there.
static void messages(uint64_t number) {
    if (number > 1) {
        return;
    }
    meet(2);
    for (uint64_t i = 1; i <= STEPS; i++) {
        if (number) {
            load_both(&y, &x, &second_saw[i], &second_saw_then[i]);
        } else {
            x = i;
            y = i;
        }
    }
}

// Values that are not aligned for their size, within a word.
static volatile uint8_t uneven[2][64] LINE;

static void uneven_messages(uint64_t number) {
    if (number > 1) {
        return;
    }
    volatile uint16_t *data = (volatile uint16_t *)(uneven[0] + 3);
    volatile uint32_t *there = (volatile uint32_t *)(uneven[1] + 8);
    meet(2);
    for (uint32_t i = 1; i < 250; i++) {
        if (number) {
            for (int again = 0; again < 20; again++) {
                uint32_t now = *there;
                met += (*data & 0xff) < now;
            }
        } else {
            *data = (uint16_t)i;
            *there = i;
        }
    }
}

// Independent reads of independent writes: two readers agree on which of two stores was first.
static void independent(uint64_t number) {
    if (number > 3) {
        return;
    }
    meet(4);
    for (uint64_t i = 1; i <= STEPS; i++) {
        switch (number) {
        case 0:
            x = i;
            break;
        case 1:
            y = i;
            break;
        case 2:
            load_both(&x, &y, &first_saw[i], &first_saw_then[i]);
            break;
        default:
            load_both(&y, &x, &second_saw[i], &second_saw_then[i]);
            break;
        }
    }
}

// The first reader sees a number of x and not yet one of y; the second that of y, and not x's.
static uint64_t disagreed(void) {
    uint64_t times = 0;
    uint64_t other = 1;
    for (uint64_t i = 1; i <= STEPS; i++) {
        while (other <= STEPS && second_saw[other] <= first_saw_then[i]) {
            other++;
        }
        times += other <= STEPS && second_saw_then[other] < first_saw[i];
    }
    return times;
}

// How often somebody saw a number for the first time that was not the last: they ran together.
static uint64_t fresh(const uint64_t *saw) {
    uint64_t times = 0;
    for (uint64_t i = 2; i <= STEPS; i++) {
        times += saw[i] != saw[i - 1];
    }
    return times;
}

static void litmus(void) {
    show("store buffering without a fence", buffered(0));
    check(buffered(1) == 0, "store buffering with mfence");
    check(buffered(2) == 0, "store buffering with xchg");
    check(buffered(3) == 0, "store buffering with a locked instruction");
    uint64_t times = 0;
    uint64_t both = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        x = y = 0;
        together(load_buffering);
        for (uint64_t i = 1; i <= STEPS; i++) {
            times += first_saw[i] && second_saw[first_saw[i]] >= i;
        }
        both += fresh(first_saw);
    }
    show("load buffering, numbers seen", both);
    check(times == 0, "load buffering");
    both = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        x = y = 0;
        together(messages);
        for (uint64_t i = 1; i <= STEPS; i++) {
            times += second_saw_then[i] < second_saw[i];
        }
        both += fresh(second_saw);
    }
    show("message passing, numbers seen", both);
    check(times == 0, "message passing");
    met = 0;
    together(uneven_messages);
    check(met == 0, "messages that are not aligned");
    if (vcpus < 4) {
        say("independent reads: need 4 vCPUs\n");
        return;
    }
    both = 0;
    for (uint64_t round = 0; round < rounds; round++) {
        x = y = 0;
        together(independent);
        times += disagreed();
        both += fresh(first_saw) + fresh(second_saw);
    }
    show("independent reads, numbers seen", both);
    check(times == 0, "independent reads");
}

// ---- A list that is changed by cmpxchg16b --------------------------------------------------------

enum { NODES = 8, POPS = 1000 };

static struct node {
    struct node *volatile next;
    volatile uint64_t owner;
} nodes[NODES * MOST] PAGE;

static struct {
    struct node *volatile first;
    volatile uint64_t tag;
} list __attribute__((aligned(16)));

static int exchange(struct node *first, uint64_t tag, struct node *now) {
    uint8_t same;
    __asm__ volatile("lock cmpxchg16b %1\n\tsete %0"
                     : "=q"(same), "+m"(list), "+a"(first), "+d"(tag)
                     : "b"(now), "c"(tag + 1)
                     : "memory");
    return same;
}

static void push(struct node *node) {
    struct node *first;
    uint64_t tag;
    do {
        tag = list.tag;
        first = list.first;
        node->next = first;
    } while (!exchange(first, tag, node));
}

static struct node *pop(void) {
    struct node *first;
    uint64_t tag;
    do {
        tag = list.tag;
        first = list.first;
    } while (!first || !exchange(first, tag, first->next));
    return first;
}

static void pop_often(uint64_t number) {
    meet(vcpus);
    for (int i = 0; i < POPS; i++) {
        struct node *one = pop();
        struct node *two = pop();
        if (one->owner || two->owner) {
            met++;
        }
        one->owner = two->owner = number + 1;
        if (one->owner != number + 1 || two->owner != number + 1) {
            met++;
        }
        one->owner = two->owner = 0;
        push(one);
        push(two);
    }
}

static void lists(void) {
    met = 0;
    for (uint64_t i = 0; i < NODES * vcpus; i++) {
        push(&nodes[i]);
    }
    uint64_t before = list.tag;
    together(pop_often);
    uint64_t left = 0;
    for (struct node *node = list.first; node; node = node->next) {
        left++;
    }
    check(met == 0 && left == NODES * vcpus && list.tag == before + 4 * POPS * vcpus,
          "list by cmpxchg16b");
}

// ---- Page tables -------------------------------------------------------------------------------

enum { CHANGES = 400 };

static volatile uint64_t window[512] PAGE;
static volatile uint64_t pages[2][512] PAGE;
static volatile uint64_t epoch LINE;
static volatile uint64_t looks LINE;

static uint64_t frame_of(const volatile void *page) {
    const uint64_t *frames = (const uint64_t *)information->mfn_list;
    return frames[((uint64_t)page - BASE) >> 12];
}

// Where the level 1 entry of an address is: found from the root, frame by frame.
static uint64_t entry_of(uint64_t address) {
    uint64_t table = information->pt_base;
    for (int level = 4;; level--) {
        uint64_t slot = address >> (3 + 9 * level) & 511;
        uint64_t machine = frame_of((void *)table) << 12 | slot << 3;
        if (level == 1) {
            return machine;
        }
        uint64_t frame = ((volatile uint64_t *)table)[slot] >> 12 & 0xffffffffff;
        table = BASE + (MACHINE_TO_PHYSICAL[frame] << 12);
    }
}

static void look(uint64_t number) {
    (void)number;
    while (!stopped) {
        uint64_t least = epoch;
        met += window[0] < least;
        looks++;
    }
}

static void change_tables(void) {
    uint64_t address = (uint64_t)window;
    uint64_t entry = entry_of(address);
    static uint64_t everybody[1];
    everybody[0] = -1UL;
    for (uint64_t change = 1; change <= CHANGES; change++) {
        pages[change & 1][0] = change;
        uint64_t now = frame_of(pages[change & 1]) << 12 | 0x67;
        uint64_t failed;
        uint64_t way = change % 6;
        if (way == 4) {
            // Flushes all that everybody knows of the address.
            failed = call4(UPDATE_VA_MAPPING, address, now, 2 | 1 << 2, 0);
        } else if (way == 5) {
            failed = call4(UPDATE_VA_MAPPING, address, now, 1 | (uint64_t)everybody, 0);
        } else {
            uint64_t update[2] = {entry, now};
            failed = call4(MMU_UPDATE, (uint64_t)update, 1, 0, DOMID_SELF);
            uint64_t commands[4] = {TLB_FLUSH_MULTI, INVLPG_MULTI, TLB_FLUSH_ALL, INVLPG_ALL};
            uint64_t operation[3] = {commands[way], address, (uint64_t)everybody};
            failed |= call4(MMUEXT_OP, (uint64_t)operation, 1, 0, DOMID_SELF);
        }
        if (failed) {
            met += 1000000;
        }
        epoch = change;
        uint64_t before = looks;
        for (int wait = 0; wait < 200 && looks == before; wait++) {
            pause();
        }
    }
    stopped = 1;
}

static void change_or_look(uint64_t number) {
    meet(vcpus);
    if (number) {
        look(number);
    } else {
        change_tables();
    }
}

static void tables(void) {
    met = epoch = stopped = 0;
    pages[0][0] = pages[1][0] = 0;
    together(change_or_look);
    check(met == 0, "page tables");
}

// ---- Code --------------------------------------------------------------------------------------

static void change_or_call(uint64_t number) {
    meet(vcpus);
    if (number) {
        while (!stopped) {
            uint32_t least = (uint32_t)epoch;
            serialise();
            met += changing() < least;
            looks++;
        }
        return;
    }
    for (uint32_t change = 1; change <= CHANGES; change++) {
        changing_number = change;
        met += changing() != change;
        epoch = change;
        uint64_t before = looks;
        for (int wait = 0; wait < 2000 && looks - before < 4; wait++) {
            pause();
        }
    }
    stopped = 1;
}

// One calls without anything that serialises: it sees the change some day.
static void change_and_wait(uint64_t number) {
    if (number > 1) {
        return;
    }
    meet(2);
    if (number) {
        while (changing() != CHANGES + 1) {
        }
    } else {
        for (volatile int wait = 0; wait < 1000000; wait++) {
        }
        changing_number = CHANGES + 1;
    }
}

static void code(void) {
    met = epoch = stopped = 0;
    together(change_or_call);
    check(met == 0, "code that another vCPU changes");
    together(change_and_wait);
    check(changing() == CHANGES + 1, "code that is seen in the end");
}

// ---- Up and down -------------------------------------------------------------------------------

static volatile uint64_t awake[MOST] LINE;

static void sleep(uint64_t number) {
    if (number) {
        call4(VCPU_OP, DOWN, number, 0, 0);
        awake[number] = 1;
    }
}

static void up_and_down(void) {
    current = sleep;
    done = 0;
    turn++;
    int slept = 1;
    for (uint64_t vcpu = 1; vcpu < vcpus; vcpu++) {
        while (call4(VCPU_OP, IS_UP, vcpu, 0, 0)) {
            pause();
        }
        slept &= !awake[vcpu];
    }
    for (uint64_t vcpu = 1; vcpu < vcpus; vcpu++) {
        slept &= call4(VCPU_OP, UP, vcpu, 0, 0) == 0;
        while (!awake[vcpu]) {
            pause();
        }
    }
    check(slept, "down and up");
}

// ---- Bringing them up --------------------------------------------------------------------------

static void prepare(uint64_t vcpu) {
    context.flags = IN_KERNEL;
    context.r15_to_rdi[14] = vcpu;
    context.rip = (uint64_t)start_other;
    context.cs = KERNEL_CODE;
    context.ss = KERNEL_DATA;
    context.rsp = (uint64_t)stacks[vcpu] + STACK;
    context.rflags = 0;
    context.kernel_ss = KERNEL_DATA;
    context.kernel_sp = (uint64_t)stacks[vcpu] + STACK;
    context.control[3] = root;
}

static int64_t initialise(uint64_t vcpu) {
    return (int64_t)call4(VCPU_OP, INITIALISE, vcpu, (uint64_t)&context, 0);
}

static void answer(const char *what, int64_t given) {
    say(what);
    say(": ");
    say_number(given);
    say("\n");
}

static void refusals(void) {
    answer("no such vCPU", (int64_t)call4(VCPU_OP, IS_UP, 4000, 0, 0));
    answer("up before it is initialised", (int64_t)call4(VCPU_OP, UP, 1, 0, 0));
    answer("is it up", (int64_t)call4(VCPU_OP, IS_UP, 1, 0, 0));
    answer("am I up", (int64_t)call4(VCPU_OP, IS_UP, 0, 0, 0));
    answer("no such command", (int64_t)call4(VCPU_OP, 77, 0, 0, 0));
    answer("no memory", (int64_t)call4(VCPU_OP, INITIALISE, 1, 0x1000, 0));
    prepare(0);
    answer("initialise the first", initialise(0));
    prepare(1);
    context.rip = 1UL << 63;
    answer("not canonical", initialise(1));
    prepare(1);
    context.traps[255].address = 1UL << 63;
    answer("handler not canonical", initialise(1));
    context.traps[255].address = 0;
    context.ldt_base = 8;
    answer("local table not on a page", initialise(1));
    context.ldt_base = 0;
    context.ldt_entries = 8193;
    answer("local table too long", initialise(1));
    context.ldt_entries = 0;
    context.gdt_entries = 7169;
    answer("global table too long", initialise(1));
    context.gdt_entries = 1;
    context.gdt_frames[0] = 0xffffffffff;
    answer("global table of no frame", initialise(1));
    context.gdt_frames[0] = root >> 12;
    answer("global table of a root", initialise(1));
    context.gdt_entries = 0;
    context.gdt_frames[0] = 0;
    context.control[3] = 0xffffffffffUL << 12;
    answer("no such root", initialise(1));
    context.control[3] = frame_of(window) << 12;
    answer("no root", initialise(1));
    context.control[3] = root;
    context.flags = 0;
    answer("user mode without a root", initialise(1));
    context.control[1] = frame_of(window) << 12;
    answer("user mode with none", initialise(1));
    context.control[1] = 0;
}

static void bring_up(void) {
    int right = 1;
    for (vcpus = 1; vcpus < MOST; vcpus++) {
        if ((int64_t)call4(VCPU_OP, IS_UP, vcpus, 0, 0) < 0) {
            break;
        }
        prepare(vcpus);
        right &= initialise(vcpus) == 0;
        right &= call4(VCPU_OP, IS_UP, vcpus, 0, 0) == 0;
        right &= call4(VCPU_OP, UP, vcpus, 0, 0) == 0;
        right &= call4(VCPU_OP, IS_UP, vcpus, 0, 0) == 1;
        right &= initialise(vcpus) == -17;
    }
    check(right, "brought up");
}

// ---- How fast ----------------------------------------------------------------------------------

static volatile uint64_t sums[MOST][8] LINE;

static void work(uint64_t number) {
    for (int i = 0; i < 40000; i++) {
        sums[number][0] += integer_unit();
    }
}

static void measure(void) {
    work(0);
    uint64_t began = stamp();
    work(0);
    uint64_t alone = stamp() - began;
    together(work);
    began = stamp();
    together(work);
    uint64_t all = stamp() - began;
    say("work of one, in microseconds: ");
    say_number((int64_t)(alone / 1000));
    say("; of all together: ");
    say_number((int64_t)(all / 1000));
    say("\n");
}

static void read_arguments(const char *line) {
    for (; *line; line++) {
        counts |= *line == 'c' && line[1] == 'o' && line[2] == 'u';
        speed |= *line == 's' && line[1] == 'p';
        no_code |= *line == 'n' && line[1] == 'o';
        if (*line == '=') {
            rounds = 0;
            while (line[1] >= '0' && line[1] <= '9') {
                rounds = rounds * 10 + (uint64_t)(*++line - '0');
            }
        }
    }
}

void kernel_main(const struct start_info *info) {
    information = info;
    read_arguments(info->cmd_line);
    root = frame_of((void *)info->pt_base) << 12;
    if ((int64_t)call4(VCPU_OP, IS_UP, 1, 0, 0) < 0) {
        say("there is one vCPU\n");
        end(0);
    }
    refusals();
    bring_up();
    if (speed) {
        measure();
    } else {
        locked();
        spin_lock();
        litmus();
        lists();
        tables();
        if (!no_code) {
            code();
        }
        up_and_down();
    }
    say("done\n");
    end(0);
}
