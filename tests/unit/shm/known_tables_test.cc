// What backends have heard about tables (shm/known_tables.h): what is believed, what gives way, what is forgotten.
#include "shm/known_tables.h"

#include <memory>

#include "../check.h"

using namespace kalam;
using shm::KnownTables;
using shm::TableFacts;

namespace {

constexpr int64_t kNow = int64_t{1} << 50;
constexpr TableFacts kShared = {.type = common::TableType::kShared, .for_administrators = false};
constexpr TableFacts kAdmins = {.type = common::TableType::kShared, .for_administrators = true};
constexpr TableFacts kUser = {.type = common::TableType::kUser, .for_administrators = false};
constexpr TableFacts kStream = {.type = common::TableType::kStream, .for_administrators = false};

// Tables of one set, which differ in the bits that tell them apart.
uint64_t InOneSet(uint64_t i) {
    return (i + 1) << 32 | 5;
}

}  // namespace

TEST(facts_come_back) {
    auto tables = std::make_unique<KnownTables>();
    CHECK(!tables->Find(7, kNow).has_value());
    CHECK(!tables->Find(0, kNow).has_value());
    uint64_t table = 0x123456789abcdef0;
    for (const TableFacts &facts : {kShared, kAdmins, kUser, kStream}) {
        tables->Learn(table, facts, kNow);
        CHECK(tables->Find(table, kNow) == facts);
        CHECK(!tables->Find(table ^ uint64_t{1} << 40, kNow).has_value());
        CHECK(!tables->Find(table ^ 1, kNow).has_value());
        table += uint64_t{1} << 33;
    }
}

TEST(the_latest_counts_and_nothing_is_believed_forever) {
    auto tables = std::make_unique<KnownTables>();
    tables->Learn(7, kShared, kNow);
    tables->Learn(7, kUser, kNow);
    CHECK(tables->Find(7, kNow) == kUser);
    CHECK(tables->Find(7, kNow + KnownTables::kBelievedUs / 2) == kUser);
    CHECK(!tables->Find(7, kNow + KnownTables::kBelievedUs + 32000000).has_value());
    tables->Learn(7, kShared, kNow + KnownTables::kBelievedUs);
    tables->Forget(7);
    CHECK(!tables->Find(7, kNow + KnownTables::kBelievedUs).has_value());
}

TEST(the_oldest_of_a_set_gives_way) {
    auto tables = std::make_unique<KnownTables>();
    for (uint64_t i = 0; i < 5; ++i)
        tables->Learn(InOneSet(i), kUser, kNow + static_cast<int64_t>(i) * 32000000);
    CHECK(!tables->Find(InOneSet(0), kNow + 160000000).has_value());
    for (uint64_t i = 1; i < 5; ++i) CHECK(tables->Find(InOneSet(i), kNow + 160000000) == kUser);
    tables->ForgetAll();
    for (uint64_t i = 0; i < 5; ++i) CHECK(!tables->Find(InOneSet(i), kNow + 160000000).has_value());
}
