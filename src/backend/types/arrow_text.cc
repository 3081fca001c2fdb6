// Texts of cells, for any value that the format can hold, also those that no PostgreSQL type takes.
#include "backend/types/arrow_text.h"

#include <cmath>

#include "backend/types/arrow_cells.h"
#include "backend/types/json_text.h"
#include "backend/types/number_text.h"
#include "backend/types/type_map.h"

namespace kalam::backend::types {

namespace {

constexpr int64_t kSecondsPerDay = 86400;

int64_t TicksPerSecond(ArrowUnit unit) {
    switch (unit) {
        case ArrowUnit::kMilli:
            return 1000;
        case ArrowUnit::kMicro:
            return 1'000'000;
        case ArrowUnit::kNano:
            return 1'000'000'000;
        default:
            return 1;
    }
}

int FractionDigits(ArrowUnit unit) {
    switch (unit) {
        case ArrowUnit::kMilli:
            return 3;
        case ArrowUnit::kMicro:
            return 6;
        case ArrowUnit::kNano:
            return 9;
        default:
            return 0;
    }
}

// Division that rounds down, so that the rest is not negative.
int64_t FloorDivide(int64_t value, int64_t by, int64_t *rest) {
    int64_t quotient = value / by;
    *rest = value % by;
    if (*rest < 0) {
        *rest += by;
        --quotient;
    }
    return quotient;
}

// The proleptic Gregorian date of a day since 1970-01-01. Years begin in March inside, so that a leap day is
// the last of its year; 146097 days are 400 years.
void AppendDate(StringInfo out, int64_t days) {
    int64_t day_of_era;
    const int64_t era = FloorDivide(days + 719468, 146097, &day_of_era);
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    const int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    const int64_t year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
    appendStringInfo(out, "%s%04lld-%02d-%02d", year < 0 ? "-" : "",
                     static_cast<long long>(year < 0 ? -year : year), static_cast<int>(month),
                     static_cast<int>(day));
}

// .25 for 250 milliseconds; nothing for 0.
void AppendFraction(StringInfo out, int64_t ticks, ArrowUnit unit) {
    if (ticks == 0) return;
    appendStringInfo(out, ".%0*lld", FractionDigits(unit), static_cast<long long>(ticks));
    while (out->data[out->len - 1] == '0') out->data[--out->len] = '\0';
}

void AppendClock(StringInfo out, int64_t seconds, int64_t ticks, ArrowUnit unit) {
    appendStringInfo(out, "%02lld:%02d:%02d", static_cast<long long>(seconds / 3600),
                     static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
    AppendFraction(out, ticks, unit);
}

void AppendDateCell(StringInfo out, const ArrowColumn &column, int64_t row) {
    int64_t rest = 0;
    const int64_t ticks = TicksAt(column, row);
    if (column.unit == ArrowUnit::kDay) return AppendDate(out, ticks);
    AppendDate(out, FloorDivide(ticks, kSecondsPerDay * 1000, &rest));
    if (rest == 0) return;
    appendStringInfoChar(out, 'T');
    AppendClock(out, rest / 1000, rest % 1000, ArrowUnit::kMilli);
}

void AppendTimeCell(StringInfo out, const ArrowColumn &column, int64_t row) {
    int64_t fraction;
    const int64_t seconds = FloorDivide(TicksAt(column, row), TicksPerSecond(column.unit), &fraction);
    if (seconds < 0) ThrowBadAnswer("An Arrow time is negative.");
    AppendClock(out, seconds, fraction, column.unit);
}

void AppendTimestampCell(StringInfo out, const ArrowColumn &column, int64_t row) {
    int64_t fraction, second_of_day;
    const int64_t seconds = FloorDivide(TicksAt(column, row), TicksPerSecond(column.unit), &fraction);
    AppendDate(out, FloorDivide(seconds, kSecondsPerDay, &second_of_day));
    appendStringInfoChar(out, 'T');
    AppendClock(out, second_of_day, fraction, column.unit);
    // Cells count from the epoch in UTC, whatever zone the type names.
    if (!column.zone.empty()) appendStringInfoChar(out, 'Z');
}

// PT1.5S
void AppendDuration(StringInfo out, int64_t ticks, ArrowUnit unit) {
    int64_t fraction;
    const bool negative = ticks < 0;
    // The absolute value as unsigned, because the smallest number has none.
    const auto magnitude = negative ? -static_cast<uint64_t>(ticks) : static_cast<uint64_t>(ticks);
    const auto per_second = static_cast<uint64_t>(TicksPerSecond(unit));
    fraction = static_cast<int64_t>(magnitude % per_second);
    appendStringInfoString(out, negative ? "PT-" : "PT");
    AppendUInt64(out, magnitude / per_second);
    AppendFraction(out, fraction, unit);
    appendStringInfoChar(out, 'S');
}

void AppendIntervalCell(StringInfo out, const ArrowColumn &column, int64_t row) {
    const uint8_t *cell = column.values + row * column.width;
    if (column.width == 4) {
        appendStringInfo(out, "P%dM", Load<int32_t>(cell));
        return;
    }
    const bool has_months = column.width == 16;
    appendStringInfoChar(out, 'P');
    if (has_months) appendStringInfo(out, "%dM", Load<int32_t>(cell));
    appendStringInfo(out, "%dD", Load<int32_t>(cell + (has_months ? 4 : 0)));
    StringInfoData time;
    initStringInfo(&time);
    if (has_months)
        AppendDuration(&time, Load<int64_t>(cell + 8), ArrowUnit::kNano);
    else
        AppendDuration(&time, Load<int32_t>(cell + 4), ArrowUnit::kMilli);
    appendStringInfoString(out, time.data + 1);  // without its P
    pfree(time.data);
}

void AppendIntegerCell(StringInfo out, const ArrowColumn &column, int64_t row) {
    const int64_t value = IntegerAt(column, row);
    if (IsHugeUnsigned(column, value))
        AppendUInt64(out, static_cast<uint64_t>(value));
    else
        AppendInt64(out, value);
}

void AppendHex(StringInfo out, std::string_view bytes, bool as_uuid) {
    static constexpr char kDigits[] = "0123456789abcdef";
    enlargeStringInfo(out, static_cast<int>(bytes.size() * 2 + 4));
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (as_uuid && (i == 4 || i == 6 || i == 8 || i == 10)) appendStringInfoCharMacro(out, '-');
        const auto byte = static_cast<uint8_t>(bytes[i]);
        appendStringInfoCharMacro(out, kDigits[byte >> 4]);
        appendStringInfoCharMacro(out, kDigits[byte & 15]);
    }
}

void AppendBinaryCell(StringInfo out, const ArrowColumn &column, int64_t row) {
    const bool as_uuid = IsUuid(column);
    const std::string_view bytes = BytesAt(column, row);
    if (bytes.size() > MaxAllocSize / 2 - 8)
        ereport(ERROR, errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("binary value is too large to print"));
    if (!as_uuid) appendStringInfoString(out, "\\x");
    AppendHex(out, bytes, as_uuid);
}

}  // namespace

double HalfToDouble(uint16_t half) {
    const int exponent = half >> 10 & 31;
    const int fraction = half & 1023;
    double value =
        std::ldexp(exponent == 0 ? fraction : fraction + 1024, (exponent == 0 ? 1 : exponent) - 25);
    if (exponent == 31) value = fraction == 0 ? HUGE_VAL : std::nan("");
    return (half & 0x8000) != 0 ? -value : value;
}

bool HasTextForm(const ArrowColumn &column) {
    return column.kind < ArrowKind::kList;
}

void AppendCellText(StringInfo out, const ArrowColumn &column, int64_t row) {
    switch (column.kind) {
        case ArrowKind::kBool:
            return appendStringInfoString(out, BitAt(column, row) ? "true" : "false");
        case ArrowKind::kInt:
            return AppendIntegerCell(out, column, row);
        case ArrowKind::kFloat:
            if (column.width == 4) return AppendFloat(out, LoadAt<float>(column.values, row));
            return AppendDouble(out, FloatAt(column, row));
        case ArrowKind::kDecimal:
            if (column.width == 32)
                return AppendDecimal256(out, column.values + row * column.width, column.scale);
            return AppendDecimal(out, DecimalAt(column, row), column.scale);
        case ArrowKind::kDate:
            return AppendDateCell(out, column, row);
        case ArrowKind::kTime:
            return AppendTimeCell(out, column, row);
        case ArrowKind::kTimestamp:
            return AppendTimestampCell(out, column, row);
        case ArrowKind::kDuration:
            return AppendDuration(out, TicksAt(column, row), column.unit);
        case ArrowKind::kInterval:
            return AppendIntervalCell(out, column, row);
        case ArrowKind::kText:
        case ArrowKind::kLargeText:
        case ArrowKind::kTextView:
            return AppendBytes(out, FromUtf8(BytesAt(column, row)));
        default:
            return AppendBinaryCell(out, column, row);
    }
}

}  // namespace kalam::backend::types
