// What backends have lately heard from KalamDB about its tables, so that not every session has to ask whether a table is what
// its local definition says. Written and read by backends (backend/catalog/remote_facts): a set-associative table of single
// words. It forgets: the oldest entry of a set gives way, and none is believed for longer than kBelievedUs.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "common/table_type.h"

namespace kalam::shm {

struct TableFacts {
    common::TableType type = common::TableType::kShared;
    bool for_administrators = false;  // access_level dba

    bool operator==(const TableFacts &) const = default;
};

class KnownTables {
 public:
    // Others than pg_kalam may drop a table and make one of another type.
    static constexpr int64_t kBelievedUs = 10 * 60 * int64_t{1000000};

    // `table`: a keyed hash of its server and names, so that nobody can make up a name that is taken for another one.
    // `now_us`: the monotonic clock.
    std::optional<TableFacts> Find(uint64_t table, int64_t now_us) const;
    void Learn(uint64_t table, TableFacts facts, int64_t now_us);
    void Forget(uint64_t table);
    void ForgetAll();

 private:
    static constexpr size_t kSets = 1024;
    static constexpr size_t kWays = 4;
    using Set = std::array<std::atomic<uint64_t>, kWays>;

    Set &SetOf(uint64_t table) { return sets_[table % kSets]; }
    const Set &SetOf(uint64_t table) const { return sets_[table % kSets]; }

    // Relaxed: a word says all that there is to an entry, and nothing else depends on it. Writers may overwrite each
    // other; what is lost is asked for again.
    std::array<Set, kSets> sets_{};
};

}  // namespace kalam::shm
