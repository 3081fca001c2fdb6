// Dates and times between PostgreSQL (days and microseconds since 2000-01-01) and Arrow (since 1970-01-01).
// Values only; the callers raise.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "datatype/timestamp.h"
#include "utils/date.h"
}

namespace kalam::backend::types {

inline constexpr int32_t kEpochDays = POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE;
inline constexpr int64_t kEpochMicros = int64_t{kEpochDays} * USECS_PER_DAY;

// Each returns false for what the other side cannot hold: infinities, dates before 4714 BC, timestamps over the
// 64 bits.

inline bool ToUnixDays(DateADT date, int32_t *days) {
    // The latest date is 2 147 483 493 - 2 451 545 days after 2000, so this cannot overflow.
    if (DATE_NOT_FINITE(date)) return false;
    *days = date + kEpochDays;
    return true;
}

inline bool FromUnixDays(int32_t days, DateADT *date) {
    const int64_t shifted = int64_t{days} - kEpochDays;
    if (shifted < PG_INT32_MIN) return false;
    *date = static_cast<DateADT>(shifted);
    return !DATE_NOT_FINITE(*date) && IS_VALID_DATE(*date);
}

inline bool ToUnixMicros(Timestamp timestamp, int64_t *micros) {
    return !TIMESTAMP_NOT_FINITE(timestamp) && !__builtin_add_overflow(timestamp, kEpochMicros, micros);
}

inline bool FromUnixMicros(int64_t micros, Timestamp *timestamp) {
    return !__builtin_sub_overflow(micros, kEpochMicros, timestamp) && !TIMESTAMP_NOT_FINITE(*timestamp) &&
           IS_VALID_TIMESTAMP(*timestamp);
}

}  // namespace kalam::backend::types
