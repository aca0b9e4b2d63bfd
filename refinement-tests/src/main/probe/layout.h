// SPDX-License-Identifier: Apache-2.0
// Where things are, for the probe's sources and its linker script.

// Slot 200 of a root table, and nothing else, leads to the probe.
#define VIRT_BASE 0x640000000000

// What is handed to calls: two pages to read and write, one to read, nothing around.
#define CALL_MEMORY 0x640000100000
#define CALL_READ_ONLY (CALL_MEMORY + 0x2000)
#define CALL_BEHIND (CALL_MEMORY + 0x3000)

// What host and probe tell each other.
#define MAILBOX 0x640000110000

// The page that Xen shares with the domain.
#define SHARED_INFO 0x640000118000

// In place of a vector.
#define NO_TRAP 0xffff
#define TRAP_FAILSAFE 0x100
#define TRAP_EVENT 0x101
