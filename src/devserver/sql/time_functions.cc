// See time_functions.h.
#include "devserver/sql/time_functions.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "devserver/sql/names.h"

namespace kalam::devserver::sql {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

// Far enough from the ends of the range that no truncation leaves it.
std::int64_t Clamped(std::int64_t micros) {
    constexpr std::int64_t kMargin = 400 * kDay;
    return std::clamp(micros, INT64_MIN + kMargin, INT64_MAX - kMargin);
}

std::int64_t FloorTo(std::int64_t value, std::int64_t unit) {
    const std::int64_t rest = value % unit;
    return value - rest - (rest < 0 ? unit : 0);
}

std::chrono::sys_days DayOf(std::int64_t micros) {
    return std::chrono::sys_days{std::chrono::days{FloorTo(micros, kDay) / kDay}};
}

std::int64_t MicrosOf(std::chrono::sys_days day) {
    return static_cast<std::int64_t>(day.time_since_epoch().count()) * kDay;
}

// 0 for Sunday.
unsigned Weekday(std::chrono::sys_days day) {
    return std::chrono::weekday(day).c_encoding();
}

std::chrono::sys_days Monday(std::chrono::sys_days day) {
    return day - std::chrono::days((Weekday(day) + 6) % 7);
}

std::chrono::sys_days YearStart(std::chrono::sys_days day) {
    const std::chrono::year_month_day date(day);
    return std::chrono::sys_days(date.year() / std::chrono::January / 1);
}

// ISO: the week that holds the year's first Thursday is week 1.
double IsoWeek(std::chrono::sys_days day) {
    const auto thursday = Monday(day) + std::chrono::days(3);
    return static_cast<double>((thursday - YearStart(thursday)).count() / 7 + 1);
}

}  // namespace

Result<double> DatePartOf(std::string_view part, std::int64_t time) {
    const std::int64_t micros = Clamped(time);
    const std::string name = FoldCase(part);
    const auto day = DayOf(micros);
    const std::chrono::year_month_day date(day);
    const std::int64_t in_day = micros - MicrosOf(day);
    const auto month = static_cast<unsigned>(date.month());
    if (name == "year") return static_cast<double>(static_cast<int>(date.year()));
    if (name == "quarter") return static_cast<double>((month + 2) / 3);
    if (name == "month") return static_cast<double>(month);
    if (name == "week") return IsoWeek(day);
    if (name == "day") return static_cast<double>(static_cast<unsigned>(date.day()));
    if (name == "hour") return static_cast<double>(in_day / kHour);
    if (name == "minute") return static_cast<double>(in_day / kMinute % 60);
    if (name == "second") return static_cast<double>(in_day / kSecond % 60);
    if (name == "millisecond") return static_cast<double>(in_day % kMinute / 1000);
    if (name == "microsecond") return static_cast<double>(in_day % kMinute);
    if (name == "dow") return static_cast<double>(Weekday(day));
    if (name == "doy") return static_cast<double>((day - YearStart(day)).count() + 1);
    if (name == "epoch") return static_cast<double>(micros) / static_cast<double>(kSecond);
    return Fail("Date part '" + std::string(part) + "' not supported");
}

Result<std::int64_t> TruncateTime(std::string_view granularity, std::int64_t time) {
    const std::int64_t micros = Clamped(time);
    const std::string name = FoldCase(granularity);
    const auto day = DayOf(micros);
    const std::chrono::year_month_day date(day);
    if (name == "microsecond") return micros;
    if (name == "millisecond") return FloorTo(micros, 1000);
    if (name == "second") return FloorTo(micros, kSecond);
    if (name == "minute") return FloorTo(micros, kMinute);
    if (name == "hour") return FloorTo(micros, kHour);
    if (name == "day") return MicrosOf(day);
    if (name == "week") return MicrosOf(Monday(day));
    if (name == "month") return MicrosOf(std::chrono::sys_days(date.year() / date.month() / 1));
    if (name == "year") return MicrosOf(YearStart(day));
    if (name == "quarter") {
        const unsigned first = (static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1;
        return MicrosOf(std::chrono::sys_days(date.year() / std::chrono::month(first) / 1));
    }
    return Fail("Unsupported date_trunc granularity: '" + std::string(granularity) + "'");
}

}  // namespace kalam::devserver::sql
