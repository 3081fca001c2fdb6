// Which nodes of KalamDB clusters could not be reached lately, so that not every session waits for the same connection in vain.
// Written and read by backends (backend/shared_nodes). One word a place: a part of the address's hash, and when the node failed.
// Nodes may share a place; then the one that failed last is remembered. Relaxed everywhere: the words are hints and order nothing.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace kalam::shm {

// kTry: it has failed, and somebody should see whether it answers again, and say so.
enum class NodeAdvice : uint8_t { kUse, kTry, kAvoid };

class FailedNodes {
 public:
    // How long a node is left alone.
    static constexpr int64_t kAvoidUs = 30 * int64_t{1000000};

    void Note(uint64_t address_hash, int64_t now_us) {
        Place(address_hash).store(Word(address_hash, now_us), std::memory_order_relaxed);
    }

    // It has answered.
    void Forget(uint64_t address_hash) {
        std::atomic<uint64_t> &place = Place(address_hash);
        uint64_t word = place.load(std::memory_order_relaxed);
        if (IsOf(word, address_hash)) (void)place.compare_exchange_strong(word, 0, std::memory_order_relaxed);
    }

    // When the time is over the first who asks is sent to try, while the others stay away for as long again.
    NodeAdvice Advice(uint64_t address_hash, int64_t now_us) {
        std::atomic<uint64_t> &place = Place(address_hash);
        uint64_t word = place.load(std::memory_order_relaxed);
        if (!IsOf(word, address_hash)) return NodeAdvice::kUse;
        const uint64_t renewed = Word(address_hash, now_us);
        const bool is_over = Time(renewed) - Time(word) >= kAvoidUs / kUnitUs;
        const bool may_try =
            is_over && place.compare_exchange_strong(word, renewed, std::memory_order_relaxed);
        return may_try ? NodeAdvice::kTry : NodeAdvice::kAvoid;
    }

 private:
    static constexpr size_t kPlaces = 64;
    static constexpr int64_t kUnitUs = 100'000;

    // Never 0, which an unused place has.
    static uint64_t Tag(uint64_t hash) { return hash >> 32 | 1; }
    static bool IsOf(uint64_t word, uint64_t hash) { return word >> 32 == Tag(hash); }
    static int64_t Time(uint64_t word) { return static_cast<int64_t>(word & UINT32_MAX); }
    static uint64_t Word(uint64_t hash, int64_t us) {
        return Tag(hash) << 32 | (static_cast<uint64_t>(us / kUnitUs) & UINT32_MAX);
    }
    std::atomic<uint64_t> &Place(uint64_t hash) { return places_[hash % kPlaces]; }

    std::array<std::atomic<uint64_t>, kPlaces> places_{};
};

}  // namespace kalam::shm
