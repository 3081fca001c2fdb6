// DATE_PART, EXTRACT and DATE_TRUNC on microseconds since the Unix epoch. Called by sqlite_functions.cc. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "devserver/values/result.h"

namespace kalam::devserver::sql {

// part: year, quarter, month, week, day, hour, minute, second, millisecond, microsecond, dow, doy, epoch; any case.
Result<double> DatePartOf(std::string_view part, std::int64_t micros);

// granularity: year, quarter, month, week (Monday), day, hour, minute, second, millisecond, microsecond; any case.
Result<std::int64_t> TruncateTime(std::string_view granularity, std::int64_t micros);

}  // namespace kalam::devserver::sql
