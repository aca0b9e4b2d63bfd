// SPDX-License-Identifier: Apache-2.0
// What host and probe tell each other through memory that both see.
//
// The host writes commands into slots in turn, the probe does them and writes a result into the slot
// of the same number. A slot counts once its sequence number is there, which is written last; the
// sum of the words before it shows that none was lost.

#include <stdint.h>

#define MAILBOX_MAGIC 0x65626f7270766f72u // "rovprobe"
#define MAILBOX_VERSION 1

#define SLOTS 64

enum state { STARTING = 0, READY = 1, TRAPPED = 2, MISREAD = 3, FAILED = 4 };

enum operation {
    NOTHING = 0,
    CALL = 1,          // rax, rdi rsi rdx r10 r8; value = rax
    WRITE = 2,         // address, bytes, value
    EXCHANGE = 3,      // address, bytes, value, expected; value = found, second = done
    LOAD_SEGMENT = 4,  // selector
    READ = 5,          // address; value
    CALLS = 6,         // count, rax, rdi rsi rdx r10 r8; value = last, second = time stamps
    COPY = 7,          // to, from, bytes
    PORT_OUT = 8,      // port, count, byte: bytes to a port; second = time stamps
    PORT_IN = 9,       // port, count; value = sum of the bytes read; second = time stamps
    STOP = 10          // shuts the machine down
};

struct command {
    uint64_t operation;
    uint64_t argument[7];
    uint64_t sum;
    uint64_t sequence;
    uint64_t unused[6];
};

struct result {
    uint64_t value;
    uint64_t second;
    uint64_t vector; // NO_TRAP if none
    uint64_t error;
    uint64_t cr2;
    uint64_t rip;     // where the trap was, less the instruction that may fault
    uint64_t unused0;
    uint64_t unused1;
    uint64_t sum;
    uint64_t sequence;
    uint64_t unused[6];
};

struct mailbox {
    uint64_t magic;
    uint64_t version;
    uint64_t state;
    uint64_t nonce;          // what the command line says
    uint64_t root;           // frame of the root table
    uint64_t start_info;     // linear addresses
    uint64_t frame_list;
    uint64_t pages;          // of the domain
    uint64_t shared_info;    // machine address
    uint64_t trap[4];        // vector, error, rip, cr2 of an unexpected trap
    uint64_t idle;           // how often the probe went to sleep
    uint64_t patience;       // the host's: how many turns the probe waits before it sleeps
    uint64_t nap;            // the host's: how long it sleeps, in nanoseconds
    uint64_t unused[512 - 16];
    struct command commands[SLOTS];
    struct result results[SLOTS];
};
