// Who waits for something that another process gives back: pages, room in a lane. Without these a waiter
// could look, find nothing, and go to sleep just after the other side has given something back and found
// nobody waiting.
//
//   waiter                                        giver
//     flag.Announce();                              pool.Free(page);        (or lane.Pop)
//     if (pool.Reserve(n)) ...go on;                if (flag.Take()) ...set the waiter's latch;
//     WaitLatch(...); ResetLatch(...); again from the top
//
// Announce and Take are both read-modify-writes of one word, so one of them is first. If Announce is, Take
// sees it and wakes. If Take is, Announce reads from it (acquire pairs with Take's release) and the check
// that follows sees what was given back before. Hence the rules: announce, *then* check; give back, *then*
// take; announce again after each wait. A flag that stays set after its waiter went on costs one spurious
// wake-up, which every latch loop bears.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>

namespace kalam::shm {

// One possible waiter, known to the giver (the worker, that waits for answer pages).
class WaitFlag {
 public:
    void Announce() { flag_.exchange(1, std::memory_order_acq_rel); }          // pairs with Take
    bool Take() { return flag_.exchange(0, std::memory_order_acq_rel) != 0; }  // pairs with Announce
    // For views only: nothing may be decided by it.
    bool IsSet() const { return flag_.load(std::memory_order_relaxed) != 0; }

 private:
    std::atomic<uint32_t> flag_{0};
};

inline constexpr uint32_t kMaxBackends = 32768;

// Any number of waiters, each with the number of its process (the backends, that wait for request pages or
// room in a lane). Waking is for everybody at once: they check again and announce themselves again.
class WaiterSet {
 public:
    // `procno` is 0..kMaxBackends-1.
    void Announce(int32_t procno) {
        const uint32_t bit = static_cast<uint32_t>(procno);
        // The bit is set before the flag: a giver that takes the flag finds it (the flag's release orders it).
        // A giver that finds the bit earlier, because it took somebody else's flag, wakes us before we check.
        waiting_[bit / 64].fetch_or(uint64_t{1} << bit % 64, std::memory_order_release);
        any_.Announce();
    }

    // Calls wake(procno) for each process that has announced itself since it was last woken. Returns how many
    // these were. One read-modify-write when nobody waits.
    template <typename Wake>
    int TakeAll(Wake wake) {
        if (!any_.Take()) return 0;
        int woken = 0;
        for (uint32_t word = 0; word < waiting_.size(); ++word) {
            // Relaxed look first, to leave empty words alone: a bit set before the flag we took is visible,
            // and one set later comes with a flag of its own.
            if (waiting_[word].load(std::memory_order_relaxed) == 0) continue;
            uint64_t bits = waiting_[word].exchange(0, std::memory_order_acquire);
            for (; bits != 0; bits &= bits - 1, ++woken)
                wake(static_cast<int32_t>(word * 64 + static_cast<uint32_t>(std::countr_zero(bits))));
        }
        return woken;
    }

 private:
    WaitFlag any_;
    std::array<std::atomic<uint64_t>, kMaxBackends / 64> waiting_{};
};

}  // namespace kalam::shm
