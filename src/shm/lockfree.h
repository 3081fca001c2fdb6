// The one way Boost.Lockfree comes into the tree. Only containers of compile-time capacity are used here:
// they hold their nodes in themselves and link them by 16-bit indexes, so they contain no pointer, allocate
// nothing and work at whatever address shared memory is mapped (tests/unit/shm/two_process_test.cc does so).
// Included by the headers of src/shm only.
//
// What the containers do not say in their manuals and we rely on:
//   - stack and queue compare-and-swap an (index, tag) pair of 16 bits each. A process that is suspended
//     between its load and its CAS is fooled only if the same node is back on top after exactly a multiple of
//     65536 pops meanwhile.
//   - they read a node's link or payload before the CAS that says whether it was still theirs, and throw it
//     away otherwise. ThreadSanitizer calls that a race; tests/unit/shm/tsan.supp names these classes.
#pragma once

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>
