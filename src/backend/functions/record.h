// Fills the columns of a result row one after the other, so that the code reads in the order of the SQL
// declaration. Used by the functions behind the statistics views; plain data.
#pragma once

#include <array>

#include "backend/pg.h"

extern "C" {
#include "utils/builtins.h"
#include "utils/timestamp.h"
}

namespace kalam::backend::functions {

template <int kColumns>
struct Record {
    std::array<Datum, kColumns> values{};
    std::array<bool, kColumns> nulls{};
    int filled = 0;

    void Put(Datum value) {
        Assert(filled < kColumns);
        values[filled++] = value;
    }
    void PutNull() {
        nulls[filled] = true;
        Put(Datum{0});
    }
    void PutText(const char *text) { Put(CStringGetTextDatum(text)); }
    void PutInt(int64_t value) { Put(Int32GetDatum(static_cast<int32>(value))); }
    void PutBigInt(uint64_t value) { Put(Int64GetDatum(static_cast<int64>(value))); }
    // A PostgreSQL timestamp; 0 means never.
    void PutTime(int64_t timestamp_us) {
        if (timestamp_us == 0) {
            PutNull();
        } else {
            Put(TimestampTzGetDatum(timestamp_us));
        }
    }
    // Unix milliseconds; 0 means never.
    void PutUnixTime(int64_t ms) {
        constexpr int64_t kEpochDays = POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE;
        PutTime(ms == 0 ? 0 : ms * 1000 - kEpochDays * USECS_PER_DAY);
    }
};

}  // namespace kalam::backend::functions
