// The words of the table of known tables (known_tables.h). A word, from its highest bit on: 36 bits of the table's hash, 24 of
// the time it was learned at, 4 of facts. 0: unused.
#include "shm/known_tables.h"

namespace kalam::shm {

namespace {

constexpr uint64_t kUsed = 1;
constexpr uint64_t kForAdministrators = 2;
constexpr int kTypeBit = 2;
constexpr uint64_t kTypeMask = 3;
constexpr int kTimeBit = 4;
constexpr uint64_t kTimeMask = (uint64_t{1} << 24) - 1;
constexpr int kTagBit = 28;
constexpr int64_t kTickUs = 16 * int64_t{1000000};

// The bits of the hash that do not choose the set.
uint64_t TagOf(uint64_t table) {
    return table >> kTagBit;
}

uint64_t WordOf(uint64_t table, TableFacts facts, int64_t now_us) {
    return TagOf(table) << kTagBit | (static_cast<uint64_t>(now_us / kTickUs) & kTimeMask) << kTimeBit |
           static_cast<uint64_t>(facts.type) << kTypeBit |
           (facts.for_administrators ? kForAdministrators : uint64_t{0}) | kUsed;
}

bool IsOf(uint64_t word, uint64_t table) {
    return (word & kUsed) != 0 && word >> kTagBit == TagOf(table);
}

int64_t AgeUs(uint64_t word, int64_t now_us) {
    const uint64_t ticks = static_cast<uint64_t>(now_us / kTickUs) - (word >> kTimeBit);
    return static_cast<int64_t>(ticks & kTimeMask) * kTickUs;
}

}  // namespace

std::optional<TableFacts> KnownTables::Find(uint64_t table, int64_t now_us) const {
    for (const std::atomic<uint64_t> &way : SetOf(table)) {
        const uint64_t word = way.load(std::memory_order_relaxed);
        if (!IsOf(word, table) || AgeUs(word, now_us) >= kBelievedUs) continue;
        return TableFacts{.type = static_cast<common::TableType>(word >> kTypeBit & kTypeMask),
                          .for_administrators = (word & kForAdministrators) != 0};
    }
    return std::nullopt;
}

void KnownTables::Learn(uint64_t table, TableFacts facts, int64_t now_us) {
    Forget(table);
    Set &set = SetOf(table);
    size_t chosen = 0;
    int64_t oldest_us = -1;
    for (size_t i = 0; i < kWays; ++i) {
        const uint64_t word = set[i].load(std::memory_order_relaxed);
        const int64_t age_us = (word & kUsed) != 0 ? AgeUs(word, now_us) : INT64_MAX;
        if (age_us <= oldest_us) continue;
        chosen = i;
        oldest_us = age_us;
    }
    set[chosen].store(WordOf(table, facts, now_us), std::memory_order_relaxed);
}

void KnownTables::Forget(uint64_t table) {
    for (std::atomic<uint64_t> &way : SetOf(table)) {
        if (IsOf(way.load(std::memory_order_relaxed), table)) way.store(0, std::memory_order_relaxed);
    }
}

void KnownTables::ForgetAll() {
    for (Set &set : sets_) {
        for (std::atomic<uint64_t> &way : set) way.store(0, std::memory_order_relaxed);
    }
}

}  // namespace kalam::shm
