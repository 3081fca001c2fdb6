// Dates, times and timestamps as text, in the forms Arrow reads and prints. See value_text.h.
#include <charconv>
#include <chrono>
#include <cstdio>

#include "devserver/values/value_text.h"

namespace kalam::devserver {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

std::int64_t FloorDiv(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
}

// Reads exactly `digits` digits at `at`; negative when they are not there.
int Digits(std::string_view text, std::size_t at, std::size_t digits) {
    if (at + digits > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

// YYYY-MM-DD; the number of days, or nothing.
std::optional<std::int64_t> ReadDate(std::string_view text) {
    using namespace std::chrono;
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const int y = Digits(text, 0, 4), m = Digits(text, 5, 2), d = Digits(text, 8, 2);
    const year_month_day date(year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d)));
    if (y < 0 || m < 0 || d < 0 || !date.ok()) return std::nullopt;
    return sys_days(date).time_since_epoch().count();
}

// .ffffff after the seconds: microseconds, further digits cut off. Nothing when there is something else.
std::optional<std::int64_t> ReadFraction(std::string_view text) {
    if (text.empty()) return 0;
    if (text.front() != '.' || text.size() < 2 || text.size() > 10) return std::nullopt;
    std::int64_t micros = 0;
    for (std::size_t i = 1; i < 7; ++i) {
        const int digit = i < text.size() ? Digits(text, i, 1) : 0;
        if (digit < 0) return std::nullopt;
        micros = micros * 10 + digit;
    }
    for (std::size_t i = 7; i < text.size(); ++i)
        if (Digits(text, i, 1) < 0) return std::nullopt;
    return micros;
}

// HH:MM[:SS[.f]]
std::optional<std::int64_t> ReadTime(std::string_view text) {
    const int h = Digits(text, 0, 2), m = Digits(text, 3, 2);
    if (h < 0 || h > 23 || m < 0 || m > 59 || text[2] != ':') return std::nullopt;
    std::int64_t seconds = h * 3600 + m * 60;
    std::int64_t fraction = 0;
    if (text.size() > 5) {
        const int s = Digits(text, 6, 2);
        if (text[5] != ':' || s < 0 || s > 59) return std::nullopt;
        const auto micros = ReadFraction(text.substr(8));
        if (!micros) return std::nullopt;
        seconds += s;
        fraction = *micros;
    }
    return seconds * kMicrosPerSecond + fraction;
}

// Z, +HH:MM, +HHMM, +HH: seconds east. Nothing when it is no offset.
std::optional<std::int64_t> ReadOffset(std::string_view text) {
    if (text == "Z" || text == "z" || text == "UTC") return 0;
    if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const bool colon = text.size() == 6 && text[3] == ':';
    if (!colon && text.size() != 5 && text.size() != 3) return std::nullopt;
    const int h = Digits(text, 1, 2), m = text.size() == 3 ? 0 : Digits(text, colon ? 4 : 3, 2);
    if (h < 0 || m < 0) return std::nullopt;
    const std::int64_t seconds = h * 3600 + m * 60;
    return text[0] == '-' ? -seconds : seconds;
}

Failure BadTimestamp(std::string_view text, const char *why) {
    return Fail("Parser error: Error parsing timestamp from '" + std::string(text) + "': " + why);
}

}  // namespace

std::string DateText(std::int64_t days) {
    using namespace std::chrono;
    const year_month_day date{sys_days{std::chrono::days{days}}};
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return buffer;
}

std::string TimeText(std::int64_t micros) {
    const std::int64_t seconds = micros / kMicrosPerSecond;
    const int fraction = static_cast<int>(micros % kMicrosPerSecond);
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%02d:%02d:%02d", static_cast<int>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
    std::string out = buffer;
    if (fraction == 0) return out;
    std::snprintf(buffer, sizeof buffer, fraction % 1000 == 0 ? ".%03d" : ".%06d",
                  fraction % 1000 == 0 ? fraction / 1000 : fraction);
    return out + buffer;
}

std::string TimestampText(std::int64_t micros, bool utc) {
    // Not micros - days * kMicrosPerDay, which overflows on the first day there is.
    const std::int64_t in_day = (micros % kMicrosPerDay + kMicrosPerDay) % kMicrosPerDay;
    return DateText(FloorDiv(micros, kMicrosPerDay)) + "T" + TimeText(in_day) + (utc ? "Z" : "");
}

Result<std::int64_t> ParseDate(std::string_view text) {
    if (const auto days = ReadDate(text)) return *days;
    if (text.size() > 10) {
        if (const auto micros = ParseTimestamp(text)) return FloorDiv(*micros, kMicrosPerDay);
    }
    return Fail("Cast error: Cannot cast string '" + std::string(text) + "' to value of Date32 type");
}

Result<std::int64_t> ParseTime(std::string_view text) {
    if (const auto micros = ReadTime(text)) return *micros;
    return Fail("Cast error: Cannot cast string '" + std::string(text) + "' to value of Time64(µs) type");
}

Result<std::int64_t> ParseTimestamp(std::string_view text) {
    if (text.size() < 10) return BadTimestamp(text, "timestamp must contain at least 10 characters");
    const auto days = ReadDate(text.substr(0, 10));
    if (!days) return BadTimestamp(text, "error parsing date");
    if (text.size() == 10) return *days * kMicrosPerDay;
    if (text[10] != 'T' && text[10] != 't' && text[10] != ' ')
        return BadTimestamp(text, "invalid timestamp separator");
    const std::string_view rest = text.substr(11);
    const std::size_t zone = rest.find_first_of("Zz+-U ");
    const auto time = ReadTime(rest.substr(0, zone));
    if (!time) return BadTimestamp(text, "error parsing time");
    if (zone == std::string_view::npos) return *days * kMicrosPerDay + *time;
    const auto offset = ReadOffset(rest.substr(rest[zone] == ' ' ? zone + 1 : zone));
    if (!offset) return BadTimestamp(text, "error parsing timezone");
    return *days * kMicrosPerDay + *time - *offset * kMicrosPerSecond;
}

}  // namespace kalam::devserver
